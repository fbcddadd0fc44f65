using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

public sealed class HostileTests(ITestOutputHelper output)
{
    private const int Part = 1_000;
    private const int AtOnce = 100;
    private const int Seed = 2026;
    private const long ManagedGrowth = 24 << 20;
    private const long WorkingSetGrowth = 96 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How many requests are sent; <c>HOSTILE_REQUESTS</c> makes them more, as at night.</summary>
    private static readonly int Requests = TestSettings.Int("HOSTILE_REQUESTS") ?? 4_000;

    private static readonly HostileKind[] Slow = [.. SlowKinds.All];
    private static readonly HostileKind[] Kinds = [.. ProtocolKinds.All, .. ContentKinds.All, .. CallerKinds.All, .. Slow];

    [Fact]
    public async Task Thousands_of_hostile_requests_are_answered_rightly_and_leave_the_gateway_as_it_was()
    {
        var random = new Random(Seed);
        await using var host = await HostileHost.StartAsync();
        var requests = Draw(random);
        var wrong = new ConcurrentQueue<string>();

        // The first ones warm up: code is compiled, pools fill, the heap finds its size.
        var warmUp = Math.Max(2 * Part, Requests / 5);
        await SendAsync(host, requests[..warmUp], wrong);
        var good = await WorkAsync(host, appended: 0);
        var before = await host.MemoryAsync();
        foreach (var part in requests[warmUp..].Chunk(Part))
        {
            await SendAsync(host, part, wrong);
            good = await WorkAsync(host, good);
        }

        var after = await host.MemoryAsync();
        output.WriteLine($"managed {before.Managed:N0} → {after.Managed:N0} B, working set {before.WorkingSet:N0} → {after.WorkingSet:N0} B");
        Assert.True(wrong.IsEmpty, $"{wrong.Count} answers were wrong:\n{string.Join('\n', wrong.Distinct().Take(40))}");
        Assert.InRange(after.Managed, 0, before.Managed + ManagedGrowth);
        Assert.InRange(after.WorkingSet, 0, before.WorkingSet + WorkingSetGrowth);
        Assert.DoesNotContain(host.Key.Key, host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(host.OtherKey.Key, host.Log, StringComparison.Ordinal);
    }

    /// <summary>As many of each kind as its share says, in a random order, each with a seed of its own.</summary>
    private static (HostileKind Kind, int Seed)[] Draw(Random random)
    {
        var shares = Kinds.Sum(kind => kind.Share);
        var drawn = Kinds.SelectMany(kind => Enumerable.Repeat(kind, Math.Max(1, kind.Share * Requests / shares))).ToList();
        while (drawn.Count < Requests)
        {
            drawn.Add(Kinds[random.Next(Kinds.Length)]);
        }

        var requests = drawn.Take(Requests).Select((kind, number) => (kind, number)).ToArray();
        random.Shuffle(requests);
        return requests;
    }

    /// <summary>Sends some, the slow ones first so that the others come while they wait.</summary>
    private static Task SendAsync(HostileHost host, (HostileKind Kind, int Seed)[] requests, ConcurrentQueue<string> wrong) =>
        Parallel.ForEachAsync(requests.OrderByDescending(request => Slow.Contains(request.Kind)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (request, _) =>
        {
            var (kind, seed) = request;
            try
            {
                var answer = await kind.SendAsync(host, new Random(seed)).WaitAsync(Patience, CancellationToken.None);
                if (!answer.Fits(kind.Expected))
                {
                    wrong.Enqueue($"{kind.Name} ({seed}): {string.Join(" or ", kind.Expected)} was expected, and came {answer}");
                }
            }
            catch (TimeoutException)
            {
                wrong.Enqueue($"{kind.Name} ({seed}): {string.Join(" or ", kind.Expected)} was expected, and nothing came");
            }
        });

    /// <summary>Appends one record and reads it back at the place after those before it: all that is there was appended here.</summary>
    private static async Task<int> WorkAsync(HostileHost host, int appended)
    {
        var batch = new RecordBatchBuilder();
        batch.Append("key"u8, Encoding.UTF8.GetBytes($$"""{"key":"good","number":{{appended}}}"""), timestamp: 0);
        var content = new ByteArrayContent(batch.Build().Bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.orleans-pipeline.batch");
        using var answer = await host.Http.PostAsync($"/v1/topics/{HostileHost.Topic}/partitions/0/batches", content);
        Assert.Equal($$"""{"baseOffset":{{appended}},"nextOffset":{{appended + 1}},"isRepeat":false}""", await answer.Content.ReadAsStringAsync());

        var records = JsonNode.Parse(await host.Http.GetStringAsync($"/v1/topics/{HostileHost.Topic}/partitions/0/records?offset={appended}"))!["records"]!.AsArray();
        Assert.Equal(appended, (int)Assert.Single(records)!["value"]!["number"]!);

        var topic = JsonNode.Parse(await host.Http.GetStringAsync($"/v1/topics/{HostileHost.Topic}"))!;
        Assert.Equal(appended + 1, topic["partitionBounds"]!.AsArray().Sum(bounds => (long)bounds!["end"]!));
        return appended + 1;
    }
}
