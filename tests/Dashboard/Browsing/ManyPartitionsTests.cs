using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>A thousand partitions.</summary>
[Collection(DashboardCollection.Name)]
public sealed class ManyPartitionsTests(Chromium chromium)
{
    private const int Partitions = 1000;
    private const int MaximumElements = 1500;

    [BrowserFact]
    public async Task Pages_of_a_thousand_partitions_stay_small_and_every_partition_is_reached()
    {
        await using var host = await LocalDashboard.StartAsync(
            pipelines => pipelines.Add("numbers", pipeline => pipeline.From("numbers", partitions: Partitions).Where(_ => false).To(Sink.Console())));
        await using (var producer = new Producer(host.Services.GetRequiredService<ITopicLog>(), "numbers"))
        {
            for (var number = 0; number < 50; number++)
            {
                await producer.SendAsync("hot", $"{number}");
            }
        }

        await using var visit = await chromium.VisitAsync(host.Address, "/pipelines/numbers");
        await Expect(visit.Page.Locator(".table-scroll.tall tbody tr").Nth(3)).ToBeVisibleAsync();
        await AssertSmallAsync(visit);
        await Screenshots.TakeAsync(visit.Page, "thousand-partitions");

        await visit.Page.Locator(".table-scroll.tall").EvaluateAsync("element => element.scrollTo(0, element.scrollHeight)");
        await Expect(visit.Page.Locator(".table-scroll.tall").GetByText("999", new() { Exact = true })).ToBeVisibleAsync();
        await AssertSmallAsync(visit);

        await visit.GoAsync("/topics/numbers");
        await Expect(visit.Page.GetByText("1,000 partitions")).ToBeVisibleAsync();
        await AssertSmallAsync(visit);

        await visit.GoAsync("/topics/numbers/records");
        await Expect(visit.Page.Locator(".opener").First).ToBeVisibleAsync();
        await AssertSmallAsync(visit);
        visit.AssertClean();
    }

    private static async Task AssertSmallAsync(Visit visit) =>
        Assert.InRange(await visit.Page.EvaluateAsync<int>("() => document.querySelectorAll('*').length"), 1, MaximumElements);
}
