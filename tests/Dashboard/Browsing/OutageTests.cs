using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>The dashboard reports a part that does not answer, and continues by itself.</summary>
[Collection(DashboardCollection.Name)]
public sealed class OutageTests(Chromium chromium)
{
    private const float PatienceMs = 30_000;

    [BrowserFact]
    public async Task A_store_that_does_not_answer_is_told_of_in_words_until_it_answers_again()
    {
        var outage = new StoreOutage();
        await using var host = await LocalDashboard.StartAsync(
            pipelines => pipelines.Add("numbers", pipeline => pipeline.From("numbers", partitions: 2).To(Sink.Topic("copies"))),
            configure: outage.PutBefore);
        await using var visit = await chromium.VisitAsync(host.Address, "/topics");
        await Expect(visit.Link("numbers")).ToBeVisibleAsync();

        outage.Begin("The database server closed the connection.");
        var notice = visit.Page.Locator(".notice.bad");
        await Expect(notice).ToContainTextAsync("The store does not answer");
        await Expect(notice).ToContainTextAsync("The database server closed the connection.");
        await Expect(visit.Link("numbers")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();

        outage.End();
        await Expect(notice).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator(".live")).ToContainTextAsync("Live");
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task A_pipeline_that_cannot_commit_is_told_of_with_its_error_until_it_can()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await LocalDashboard.StartAsync(pipelines => pipelines.Add("numbers", pipeline => pipeline
            .From("numbers", partitions: 2)
            .MapAsync(async (value, _, cancellationToken) =>
            {
                await gate.Task.WaitAsync(cancellationToken);
                return value;
            })
            .To(Sink.Topic("copies"))));
        await using (var producer = new Producer(host.Services.GetRequiredService<ITopicLog>(), "numbers"))
        {
            await producer.SendAsync("one", "1");
        }

        await using var visit = await chromium.VisitAsync(host.Address, "/pipelines/numbers");
        var notice = visit.Page.Locator(".notice.warn");
        using (OtherWriter.Begin(host.Database))
        {
            gate.SetResult();
            await Expect(notice).ToContainTextAsync("waits and retries on 1 of 2 tasks", new() { Timeout = PatienceMs });
            await visit.AssertAccessibleAsync();
        }

        await Expect(notice).ToHaveCountAsync(0, new() { Timeout = PatienceMs });
        visit.AssertClean();
    }
}
