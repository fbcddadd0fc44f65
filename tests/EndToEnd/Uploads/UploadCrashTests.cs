using System.Net;
using System.Text.Json.Nodes;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.EndToEnd.Tests.Crashes;
using Xunit.Abstractions;

namespace Orleans.Pipeline.EndToEnd.Tests.Uploads;

/// <summary>A named upload to a real host, broken off in every way, is sent again until it gets through.</summary>
public sealed class UploadCrashTests(ITestOutputHelper output)
{
    private const string Topic = "uploads";
    private const int Partitions = 4;
    private const int Lines = 120_000;
    private const int Breaks = 9;

    private readonly int _seed = TestSettings.Int("CRASH_SEED") ?? Random.Shared.Next();

    [Fact]
    public async Task Every_line_is_in_the_log_once_and_in_order_however_often_the_upload_is_broken_off()
    {
        output.WriteLine($"Seed {_seed}; CRASH_SEED={_seed} sets it again.");
        var random = new Random(_seed);
        await using var host = new RestartedHost(random, "--Gateway:Limits:UploadBufferBytes", "65536");
        await host.Process.ReadyAsync();
        await host.Client.Topics.CreateTopicAsync(Topic, new TopicSettings { Partitions = Partitions });
        using var http = new HttpClient { BaseAddress = new Uri(host.Address), Timeout = Timeout.InfiniteTimeSpan };

        for (var round = 0; round < Breaks; round++)
        {
            var held = await HeldAsync(host.Client);
            using var abandoned = new CancellationTokenSource();
            var upload = http.PostAsync(
                "/v1/topics/uploads/records?key=key&upload=numbers", new NumberedLines(Lines, padding: 40), abandoned.Token);
            await Task.WhenAny(upload, GrownAsync(host.Client, held + random.Next(1, Lines / Breaks)));
            await BreakAsync(round % 3, host, abandoned);
            await AssertHonestAsync(upload, host.Client);
        }

        var answer = JsonNode.Parse(await (await http.PostAsync(
            "/v1/topics/uploads/records?key=key&upload=numbers", new NumberedLines(Lines, padding: 40))).Content.ReadAsStringAsync())!;
        Assert.Equal(Lines, (int)answer["appended"]! + (int)answer["skipped"]!);
        await AssertOnceAndInOrderAsync(host.Client);
        Assert.Equal(0, await host.Process.TerminateAsync());
    }

    private static async Task BreakAsync(int way, RestartedHost host, CancellationTokenSource abandoned)
    {
        switch (way)
        {
            case 0:
                await host.Process.KillAsync();
                break;
            case 1:
                Assert.Equal(0, await host.Process.TerminateAsync());
                break;
            default:
                await abandoned.CancelAsync();
                return;
        }

        await host.RestartAsync();
        await host.Process.ReadyAsync();
    }

    /// <summary>What an upload that was broken off says to be in the log is there.</summary>
    private static async Task AssertHonestAsync(Task<HttpResponseMessage> upload, PipelineClient client)
    {
        try
        {
            using var response = await upload;
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Equal("host-stopping", (string?)answer["code"]);
                var present = (await NumbersAsync(client)).SelectMany(partition => partition).ToHashSet();
                Assert.DoesNotContain(Enumerable.Range(0, (int)answer["acceptedLines"]!), line => !present.Contains(line));
            }
            else
            {
                Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
            }
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            // Nothing was said.
        }
    }

    private static async Task<long> HeldAsync(PipelineClient client) =>
        (await client.Topics.GetTopicBoundsAsync(Topic)).Sum(partition => partition.End);

    private static async Task GrownAsync(PipelineClient client, long count)
    {
        while (await client.Topics.GetTopicBoundsAsync(Topic) is var bounds && bounds.Sum(partition => partition.End) < count)
        {
            await client.Topics.ReadAnyAsync(
                Topic,
                [.. bounds.Select((partition, number) => new PartitionOffset(number, partition.End))],
                maximumBytes: 1,
                Timeout.InfiniteTimeSpan);
        }
    }

    private static async Task AssertOnceAndInOrderAsync(PipelineClient client)
    {
        var partitions = await NumbersAsync(client);
        Assert.All(partitions, numbers => Assert.Equal(numbers.Distinct().Order(), numbers));
        Assert.Equal(Enumerable.Range(0, Lines), partitions.SelectMany(numbers => numbers).Order());
    }

    private static async Task<List<List<int>>> NumbersAsync(PipelineClient client)
    {
        var partitions = new List<List<int>>();
        for (var partition = 0; partition < Partitions; partition++)
        {
            var numbers = new List<int>();
            while (await client.Topics.ReadAsync(new(Topic, partition), numbers.Count, 4 << 20, TimeSpan.Zero) is { Count: > 0 } batches)
            {
                foreach (var batch in batches)
                {
                    foreach (var record in batch)
                    {
                        numbers.Add(NumberedLines.NumberOf(record.ValueSpan));
                    }
                }
            }

            partitions.Add(numbers);
        }

        return partitions;
    }
}
