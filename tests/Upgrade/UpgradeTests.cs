using System.Net.Http.Json;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Contracts;
using Orleans.Pipeline.Numbers;
using Xunit.Abstractions;

namespace Orleans.Pipeline.Upgrade.Tests;

/// <summary>
/// Silos of one version are replaced one by one by those of the next under load, and then by the present ones again. Between the two
/// differ the batches and the reports that travel between silos, and the state of a user's grain.
/// </summary>
public sealed class UpgradeTests(ITestOutputHelper output)
{
    /// <summary>The host as it is.</summary>
    public const string Present = "present/Orleans.Pipeline.UpgradeHost.dll";
    private const string Next = "next/Orleans.Pipeline.UpgradeHost.dll";
    private const string NewsOfPresentBatch = "A batch of the present version came in.";
    private const int Pace = 200;
    private const int Attempts = 5;

    /// <summary>Names another build of the host to begin and end with, such as that of a version already released.</summary>
    private static string Previous => TestSettings.Text("UPGRADE_PREVIOUS") is { } folder
        ? Path.Combine(folder, Path.GetFileName(Present))
        : Present;

    [ClusterFact]
    public async Task A_rolling_upgrade_and_the_downgrade_after_it_lose_double_and_reorder_nothing_and_work_goes_on_between_any_two_replacements()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var cluster = await SiloCluster.StartAsync(server, Previous, Random.Shared);
        var load = NewLoad(cluster);
        using var stop = new CancellationTokenSource();
        var sending = load.RunAsync(stop.Token);
        await cluster.WhenAllTasksGoOnAsync(load);
        var lives = await TalliesAsync(cluster);

        await ReplaceAsync(cluster, load, Next);
        await ReplaceAsync(cluster, load, Previous);

        await stop.CancelAsync();
        await sending;
        output.WriteLine($"The longest time without a commit was {(await cluster.History.LongestPauseAsync()).TotalSeconds:F1} s.");
        await cluster.DrainAsync();
        output.WriteLine($"{load.Acknowledged.Count} records acknowledged.\n{string.Join('\n', await cluster.History.HandOversAsync())}");
        var faults = Verdict.Faults(await cluster.EffectsAsync(""), load);
        faults.AddRange(await cluster.History.FaultsAsync());
        faults.AddRange(cluster.Silos.SelectMany(silo => silo.OwnEnds).Where(end => !RestartedSilo.WasTakenForDead(end)));
        var tallies = await TalliesAsync(cluster);
        faults.AddRange(tallies.Where(tally => tally.Records != tally.NextOffset).Select(tally => $"{tally.Records} records were counted up to {tally.NextOffset}."));
        faults.AddRange(tallies.Zip(lives).Where(pair => pair.First.Life != pair.Second.Life).Select(pair => $"The state {pair.Second} was lost."));
        Assert.True(faults.Count == 0, Verdict.Report(faults, seed: 0));
        Assert.Empty(load.Uncertain);
    }

    /// <summary>A load of so many keys that each partition has some.</summary>
    internal static KeyedLoad NewLoad(SiloCluster cluster) =>
        new(cluster.Client, $"{Guid.NewGuid():N}", keys: 96, window: 36, new ProducerSettings
        {
            Linger = TimeSpan.FromMilliseconds(50),
            InitialBackoff = TimeSpan.FromMilliseconds(20),
            MaximumBackoff = TimeSpan.FromMilliseconds(200),
        });

    /// <summary>
    /// Replaces the silos one by one, and waits each time until every task and every tally continues. A tally stays on its silo while a new
    /// silo takes partitions. So batches travel from the version of the new silo to that of the others.
    /// </summary>
    private static async Task ReplaceAsync(SiloCluster cluster, KeyedLoad load, string host)
    {
        foreach (var silo in cluster.Silos)
        {
            await load.WhenAcknowledgedAsync(Pace);
            Assert.Equal(0, await cluster.TerminateAsync(silo));
            await TalliesAsync(cluster);
            await silo.RestartAsync(host);
            await silo.ReadyAsync();
            await cluster.WhenAllTasksGoOnAsync(load);
            await TalliesAsync(cluster);
            await WhenAllTasksRunAsync(cluster, load);
            if (host == Previous && silo == cluster.Silos[0])
            {
                var errors = cluster.Silos.SelectMany(other => other.OwnEnds.Append(other.Errors));
                Assert.Contains(errors, written => written.Contains(NewsOfPresentBatch, StringComparison.Ordinal));
            }
        }
    }

    /// <summary>
    /// Waits until every task itself reports that it runs; the status of another task comes from the store. A silo that was busy for too
    /// long may have been taken for dead meanwhile, and be starting again.
    /// </summary>
    private static async Task WhenAllTasksRunAsync(SiloCluster cluster, KeyedLoad load)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stages = (await cluster.Client.Admin.DescribePipelineAsync(NumbersPipeline.Name)).Stages;
            var others = stages.SelectMany(stage => stage.Tasks).Where(task => task.State != RunState.Running).ToList();
            if (others.Count == 0)
            {
                return;
            }

            Assert.True(attempt < Attempts, $"Task {others[0].Partition} is {others[0].State}: {others[0].Error}");
            await load.WhenAcknowledgedAsync(Pace);
        }
    }

    /// <summary>What each partition's tally has counted, once it has counted all that is there now.</summary>
    private static async Task<List<Tally>> TalliesAsync(SiloCluster cluster)
    {
        var topic = await cluster.Client.Topics.FindTopicAsync(NumbersPipeline.Source);
        var tallies = new List<Tally>();
        for (var partition = 0; partition < topic!.Settings.Partitions; partition++)
        {
            var end = (await cluster.Client.Topics.GetBoundsAsync(new TopicPartition(NumbersPipeline.Source, partition))).End;
            tallies.Add(await TallyAsync(cluster, partition, end));
        }

        return tallies;
    }

    /// <summary>Asks a silo that is there, and again if that or the grain's has gone meanwhile.</summary>
    private static async Task<Tally> TallyAsync(SiloCluster cluster, int partition, long end)
    {
        using var http = new HttpClient();
        for (var attempt = 1; ; attempt++)
        {
            var silo = cluster.Silos.First(silo => silo.IsThere);
            await silo.ReadyAsync();
            try
            {
                return (await http.GetFromJsonAsync<Tally>(new Uri(silo.Address, $"tallies/{partition}?offset={end}")))!;
            }
            catch (HttpRequestException failure)
            {
                Assert.True(attempt < Attempts, $"The tally of partition {partition} does not answer: {failure.Message}\n{silo.Errors}");
            }
        }
    }

    private sealed record Tally(long NextOffset, long Records, Guid Life);
}
