using Orleans.Pipeline.Client;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>Browsing, searching and following the records of a topic.</summary>
[Collection(DashboardCollection.Name)]
public sealed class RecordTests(Chromium chromium, AccessLogHost host)
{
    [BrowserFact]
    public async Task A_record_opens_to_its_decoded_JSON()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/topics/access-log.parsed/records?partition=3&offset=5");
        var first = visit.Page.Locator(".opener").First;
        await Expect(first).ToContainTextAsync("record 5 of partition 3");

        await first.ClickAsync();

        await Expect(visit.Page.Locator(".record-detail .json-name").First).ToHaveTextAsync("\"address\"");
        await visit.AssertAccessibleAsync();
        await Screenshots.TakeAsync(visit.Page, "record");
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task A_search_finds_a_text_in_any_partition_whatever_its_case()
    {
        var (key, _) = AccessLogLines.Of(1234);
        await using var visit = await chromium.VisitAsync(host.Address, "/topics/access-log/records");
        await visit.Page.GetByLabel("Text in key, value or headers").FillAsync($"{key} - - [06/JAN");
        await visit.Page.GetByLabel("From").SelectOptionAsync("Oldest");

        await visit.Button("Show").ClickAsync();

        await Expect(visit.Page.Locator("table.records tbody tr")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator("table.records")).ToContainTextAsync(key);
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task Times_before_1980_are_pointed_out()
    {
        await host.Client.Topics.CreateTopicAsync("early", new TopicSettings { Partitions = 1 });
        try
        {
            await using (var producer = host.Client.CreateProducer("early"))
            {
                foreach (var milliseconds in new[] { 1_769_860_800L, 1_769_860_801L, 1_769_860_800_000L })
                {
                    await producer.SendAsync(
                        new ProducerRecord { Value = "1"u8.ToArray(), Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) });
                }
            }

            await using var visit = await chromium.VisitAsync(host.Address, "/topics/early/records");
            await Expect(visit.Page.Locator(".notice.warn")).ToContainTextAsync("2 records with times before 1980");
            await visit.AssertAccessibleAsync();
            visit.AssertClean();
        }
        finally
        {
            await host.Client.Admin.DeleteTopicAsync("early");
        }
    }

    [BrowserFact]
    public async Task An_offset_that_is_not_there_is_told_in_words()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/topics/access-log/records?partition=0&offset=999999999");

        await Expect(visit.Page.Locator(".notice.bad")).ToContainTextAsync("Offset 999999999 of partition access-log/0 is out of range");
    }

    [BrowserFact]
    public async Task New_records_show_by_themselves_while_they_are_followed()
    {
        await using var visit = await chromium.VisitAsync(host.Address, "/topics/access-log/records");
        await visit.Button("Follow live").ClickAsync();
        await Expect(visit.Page.Locator(".opener").First).ToBeVisibleAsync();
        var before = await visit.Page.Locator(".opener").First.TextContentAsync();

        await Expect(visit.Page.Locator(".opener").First).Not.ToHaveTextAsync(before!);

        await visit.Button("Stop following").ClickAsync();
        await Expect(visit.Button("Follow live")).ToBeVisibleAsync();
        visit.AssertClean();
    }
}
