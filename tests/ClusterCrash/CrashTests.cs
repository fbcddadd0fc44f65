using Orleans.Pipeline.Client;
using Orleans.Pipeline.Contracts;
using Xunit.Abstractions;

namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>What becomes of acknowledged records when silos and the database go and come back, under load.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class CrashTests(DatabaseFixture database, ITestOutputHelper output)
{
    private const int DefaultKills = 15;
    private const int MostAcknowledged = 400;
    private const int LongestEnd = 4000;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestZombie = TimeSpan.FromMinutes(1);

    private readonly string _prefix = $"{Guid.NewGuid():N}";
    private readonly int _seed = TestSettings.Int("CRASH_SEED") ?? Random.Shared.Next();

    [ClusterFact]
    public async Task Every_acknowledged_record_has_its_effects_exactly_once_and_in_order_whichever_silos_are_killed()
    {
        var kills = TestSettings.Int("CRASH_KILLS") ?? DefaultKills;
        await UnderLoadAsync(async (cluster, load, random) =>
        {
            for (var killed = 0; killed < kills;)
            {
                var victims = cluster.Silos.OrderBy(_ => random.Next()).Take(random.Next(3) == 0 ? 2 : 1).ToList();
                await AwaitMomentAsync(victims, load, random);
                await cluster.KillAsync(victims);
                if (random.Next(4) == 0)
                {
                    await load.WhenAcknowledgedAsync(random.Next(1, MostAcknowledged)); // the others continue without them
                }

                await Task.WhenAll(victims.Select(silo => silo.RestartAsync()));
                killed += victims.Count;
            }

            await cluster.ReadyAsync();
        });
    }

    [ClusterFact]
    public async Task A_rolling_restart_of_every_silo_loses_doubles_and_reorders_nothing() =>
        await UnderLoadAsync(async (cluster, load, random) =>
    {
        foreach (var silo in cluster.Silos)
        {
            await load.WhenAcknowledgedAsync(random.Next(1, MostAcknowledged));
            Assert.Equal(0, await cluster.TerminateAsync(silo));
            await silo.RestartAsync();
            await silo.ReadyAsync();
        }
    });

    [ClusterFact]
    public async Task A_database_that_crashes_twice_is_waited_for_and_nothing_is_lost_doubled_or_reordered() =>
        await UnderLoadAsync(async (_, load, random) =>
    {
        for (var crash = 0; crash < 2; crash++)
        {
            await load.WhenAcknowledgedAsync(random.Next(1, MostAcknowledged));
            await database.Server.CrashAsync();
            await Task.Delay(random.NextDouble() * LongestOutage);
            await database.Server.StartAgainAsync();
        }

        await load.WhenAcknowledgedAsync(MostAcknowledged);
    });

    [ClusterFact]
    public async Task A_silo_that_is_frozen_until_others_took_over_commits_nothing_when_it_wakes() =>
        await UnderLoadAsync(async (cluster, load, _) =>
    {
        await cluster.WhenAllTasksGoOnAsync(load);
        var owner = await cluster.History.LastCommitterAsync();
        var silo = cluster.Silos.Single(silo => silo.Name == owner);
        var ends = silo.OwnEnds.Count;
        var zombie = cluster.Freeze(silo);
        await cluster.WhenAllTasksGoOnAsync(load);

        zombie.Thaw();
        await zombie.Ended.WaitAsync(LongestZombie);
        await silo.ReadyAsync();
        await cluster.WhenAllTasksGoOnAsync(load);
        Assert.True(RestartedSilo.WasTakenForDead(Assert.Single(silo.OwnEnds.Skip(ends))));
    });

    /// <summary>
    /// Waits for a random moment: while the victims may still be starting, or when so many more records were acknowledged. The delay is
    /// not a wait for anything: it is what is random.
    /// </summary>
    private static async Task AwaitMomentAsync(List<RestartedSilo> victims, KeyedLoad load, Random random)
    {
        if (random.Next(3) == 0)
        {
            await Task.Delay(random.NextDouble() * LongestStart);
        }
        else
        {
            await Task.WhenAll(victims.Select(silo => silo.ReadyAsync()));
            await load.WhenAcknowledgedAsync(random.Next(1, MostAcknowledged));
        }
    }

    /// <summary>
    /// Sends while the cluster goes through something, then judges the effects. One load waits for acknowledgements as long as it takes;
    /// the other gives up soon, so that the fate of some of its records is uncertain.
    /// </summary>
    private async Task UnderLoadAsync(Func<SiloCluster, KeyedLoad, Random, Task> goThrough)
    {
        output.WriteLine($"Seed {_seed}; CRASH_SEED={_seed} sets it again, CRASH_KILLS the number of kills (default {DefaultKills}).");
        var random = new Random(_seed);
        var cluster = await database.ClusterAsync();
        await cluster.ReadyAsync();
        await cluster.ResumeAsync();
        var ended = cluster.Silos.ToDictionary(silo => silo, silo => silo.OwnEnds.Count);
        var quick = new ProducerSettings
        {
            Linger = TimeSpan.FromMilliseconds(50),
            InitialBackoff = TimeSpan.FromMilliseconds(20),
            MaximumBackoff = TimeSpan.FromMilliseconds(200),
        };

        // Enough keys that each partition has some, whatever the prefix, because the tests wait until every task continues.
        var patient = new KeyedLoad(cluster.Client, $"{_prefix}-patient", keys: 96, window: 36, quick);
        var hasty = new KeyedLoad(cluster.Client, $"{_prefix}-hasty", keys: 4, window: 8, quick with { DeliveryTimeout = LoadTrial.Haste });
        await new LoadTrial(patient, hasty, _seed, output).UnderLoadAsync(load => goThrough(cluster, load, random), async () =>
        {
            await cluster.DrainAsync();
            output.WriteLine(string.Join('\n', await cluster.History.HandOversAsync()));
            var ends = cluster.Silos.SelectMany(silo => silo.OwnEnds.Skip(ended[silo])).ToList();
            output.WriteLine($"{ends.Count(RestartedSilo.WasTakenForDead)} silos were taken for dead and ended.");
            var wrongEnds = ends.Where(end => !RestartedSilo.WasTakenForDead(end)).Select(end => end[..Math.Min(end.Length, LongestEnd)]);
            return (await cluster.EffectsAsync(_prefix), [.. await cluster.History.FaultsAsync(), .. wrongEnds]);
        });
    }
}
