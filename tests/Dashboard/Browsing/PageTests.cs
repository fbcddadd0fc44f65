using Microsoft.Playwright;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>Every page, in light and dark, on a desk and on a phone, against the access-log host as it comes out of the build.</summary>
[Collection(DashboardCollection.Name)]
public sealed class PageTests(Chromium chromium, AccessLogHost host)
{
    private const int PhoneWidth = 390;
    private const int PhoneHeight = 844;

    [BrowserTheory]
    [InlineData("overview", "/", "Flow")]
    [InlineData("topics", "/topics", "access-log.parsed")]
    [InlineData("topic", "/topics/access-log", "8 partitions")]
    [InlineData("records", "/topics/access-log.parsed/records", "More")]
    [InlineData("pipelines", "/pipelines", "traffic")]
    [InlineData("pipeline", "/pipelines/traffic", "Lag by partition")]
    [InlineData("dead-letters", "/dead-letters", "FormatException")]
    [InlineData("pipeline-dead-letters", "/dead-letters/traffic", "Replay all")]
    [InlineData("cluster", "/cluster", "Paused by GC")]
    [InlineData("cost", "/cost", "Per month at this rate")]
    [InlineData("not-found", "/topics/no-such-topic", "Topic “no-such-topic” does not exist")]
    public async Task A_page_is_accessible_in_light_and_dark_fits_a_phone_and_asks_nobody_else(string name, string path, string shows)
    {
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var visit = await chromium.VisitAsync(host.Address, path, theme);
            await Expect(visit.Page.GetByText(shows).First).ToBeVisibleAsync();
            await visit.AssertAccessibleAsync();
            await visit.AssertNoSidewaysScrollAsync();
            await Screenshots.TakeAsync(visit.Page, $"{name}-{theme.ToString().ToLowerInvariant()}");
            visit.AssertClean();
        }
    }

    [BrowserTheory]
    [InlineData("overview", "/")]
    [InlineData("topics", "/topics")]
    [InlineData("topic", "/topics/access-log")]
    [InlineData("records", "/topics/access-log.parsed/records")]
    [InlineData("pipeline", "/pipelines/traffic")]
    [InlineData("dead-letters", "/dead-letters/traffic")]
    [InlineData("cluster", "/cluster")]
    [InlineData("cost", "/cost")]
    public async Task On_a_phone_a_page_is_no_wider_than_the_screen_and_accessible(string name, string path)
    {
        await using var visit = await chromium.VisitAsync(host.Address, path, width: PhoneWidth, height: PhoneHeight);

        await visit.AssertNoSidewaysScrollAsync();
        await visit.AssertAccessibleAsync();
        await Screenshots.TakeAsync(visit.Page, $"{name}-phone");
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task On_a_phone_the_flow_tells_what_arrives_at_a_table()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/", width: PhoneWidth, height: PhoneHeight);

        await Expect(visit.Page.Locator(".flow-list .node-table")).ToContainTextAsync("/s");
    }

    [BrowserFact]
    public async Task Figures_move_on_by_themselves_and_the_charts_stay_the_same_elements()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/");
        await visit.Page.EvaluateAsync("() => { window.kept = document.querySelector('.plot .line'); window.first = kept.getAttribute('d'); }");

        await visit.Page.WaitForFunctionAsync("() => kept.getAttribute('d') !== first");

        Assert.True(await visit.Page.EvaluateAsync<bool>("() => kept.isConnected"));
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task The_theme_that_was_chosen_holds_on_the_next_page_load()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/");
        await visit.Button("Dark theme").ClickAsync();
        await visit.Page.WaitForSelectorAsync("html[data-theme=dark]");

        await visit.GoAsync("/topics");

        await visit.Page.WaitForSelectorAsync("html[data-theme=dark]");
        await Expect(visit.Button("Dark theme")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [BrowserFact]
    public async Task A_chart_tells_its_values_under_the_pointer_and_by_the_arrow_keys()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/pipelines/traffic");
        var plot = visit.Page.Locator("[data-chart]").First;

        await plot.HoverAsync();
        await Expect(plot.Locator(".hair-card")).ToContainTextAsync("UTC");
        await visit.Page.Mouse.MoveAsync(5, 5);
        await Expect(plot.Locator(".hair-card")).ToHaveCountAsync(0);

        await plot.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(plot.Locator(".hair-card")).ToContainTextAsync("/s");
    }
}
