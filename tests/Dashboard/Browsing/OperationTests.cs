using AccessLog;
using Microsoft.Playwright;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>What an operator does in the browser, and that it is done.</summary>
[Collection(DashboardCollection.Name)]
public sealed class OperationTests(Chromium chromium, AccessLogHost host)
{
    [BrowserFact]
    public async Task A_pipeline_is_paused_and_resumed()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/pipelines/traffic");

        await visit.Button("Pause").ClickAsync();
        await Expect(visit.Page.Locator(".page-head .badge")).ToHaveTextAsync("Paused");
        Assert.Equal(RunState.Paused, (await GetStatusAsync()).State);

        await visit.Button("Resume").ClickAsync();
        await Expect(visit.Page.Locator(".page-head .badge")).ToHaveTextAsync("Running");
        Assert.Equal(RunState.Running, (await GetStatusAsync()).State);
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task A_seek_says_what_it_repeats_and_does_nothing_when_it_is_cancelled()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/pipelines/traffic");
        await visit.Button("Seek …").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("processed again");
        await visit.AssertAccessibleAsync();
        await Screenshots.TakeAsync(visit.Page, "seek");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(dialog).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task A_dead_letter_is_opened_and_replayed_and_another_discarded()
    {
        var letters = (await host.Client.Admin.ListDeadLettersAsync(AccessLogPipeline.Name, limit: 2)).DeadLetters;
        await using var visit = await chromium.VisitAsync(host.Address, "/dead-letters");
        await visit.Link("FormatException").First.ClickAsync();

        await OpenAsync(visit, letters[0]);
        await Expect(visit.Page.Locator(".story")).ToContainTextAsync("The line is not in the combined log format");
        await Expect(visit.Page.Locator(".story")).ToContainTextAsync($"access-log/{letters[0].Source.Partition} at offset");
        await visit.AssertAccessibleAsync();
        var stack = StackOn(visit);
        await Expect(stack).ToContainTextAsync("   at AccessLog.");
        Assert.Equal(letters[0].ErrorStack, await stack.TextContentAsync());
        await Screenshots.TakeAsync(visit.Page, "dead-letter");
        await visit.Page.GetByText("Stack", new() { Exact = true }).ClickAsync();
        await Expect(stack).ToBeHiddenAsync();
        await visit.Button("Replay").ClickAsync();
        await AgreeAsync(visit, "Replay");
        await Expect(visit.Page.GetByText("1 record replayed")).ToBeVisibleAsync();
        Assert.Null(await host.Client.Admin.FindDeadLetterAsync(AccessLogPipeline.Name, letters[0].Position));

        await OpenAsync(visit, letters[1]);
        await visit.Button("Discard").ClickAsync();
        await AgreeAsync(visit, "Discard");
        await Expect(visit.Page.GetByText("1 record discarded")).ToBeVisibleAsync();
        Assert.Null(await host.Client.Admin.FindDeadLetterAsync(AccessLogPipeline.Name, letters[1].Position));
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task On_a_phone_a_stack_scrolls_by_itself()
    {
        var letter = (await host.Client.Admin.ListDeadLettersAsync(AccessLogPipeline.Name, limit: 3)).DeadLetters[^1];
        await using var visit = await chromium.VisitAsync(host.Address, "/dead-letters/traffic", ColorScheme.Dark, width: 390, height: 844);

        await OpenAsync(visit, letter);
        await StackOn(visit).ScrollIntoViewIfNeededAsync();

        Assert.True(await StackOn(visit).EvaluateAsync<bool>("block => block.scrollWidth > block.clientWidth && block.getBoundingClientRect().right <= innerWidth"));
        await visit.AssertNoSidewaysScrollAsync();
        await visit.AssertAccessibleAsync();
        await Screenshots.TakeAsync(visit.Page, "dead-letter-phone");
        visit.AssertClean();
    }

    private static ILocator StackOn(Visit visit) => visit.Page.GetByLabel("Stack", new() { Exact = true });

    private static async Task OpenAsync(Visit visit, DeadLetter letter) =>
        await visit.Page.Locator(".opener").Filter(new() { HasTextString = $"dead letter {letter.Position}" }).First.ClickAsync();

    private static async Task AgreeAsync(Visit visit, string action) =>
        await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();

    private ValueTask<PipelineStatus> GetStatusAsync() => host.Client.Admin.DescribePipelineAsync(AccessLogPipeline.Name);
}
