using Orleans.Pipeline.Client;
using Orleans.Pipeline.Contracts;
using Orleans.Pipeline.Numbers;
using Xunit.Abstractions;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

public sealed class CrashTests(ITestOutputHelper output)
{
    private const int DefaultRounds = 25;
    private const int RollingRestarts = 5;
    private const int MostAcknowledged = 4000;
    private static readonly TimeSpan LongestStart = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(600);

    private readonly int _seed = TestSettings.Int("CRASH_SEED") ?? Random.Shared.Next();

    /// <param name="store">Where the host keeps its batches: nothing for the database, as it would.</param>
    [Theory]
    [InlineData]
    [InlineData("--in-segments", "true")]
    public async Task Every_acknowledged_record_has_its_effects_exactly_once_and_in_order_however_often_the_host_is_killed(
        params string[] store)
    {
        var rounds = TestSettings.Int("CRASH_ROUNDS") ?? DefaultRounds;
        var random = new Random(_seed);
        await using var host = new RestartedHost(random, store);
        await host.Process.ReadyAsync();

        await UnderLoadAsync(host, async load =>
        {
            for (var round = 0; round < rounds; round++)
            {
                await KillAsync(host, load, random);
                await host.RestartAsync();
            }

            await host.Process.ReadyAsync();
        });
    }

    [Fact]
    public async Task Rolling_restarts_under_load_lose_double_and_reorder_nothing()
    {
        var random = new Random(_seed);
        await using var host = new RestartedHost(random);
        await host.Process.ReadyAsync();

        await UnderLoadAsync(host, async load =>
        {
            for (var restart = 0; restart < RollingRestarts; restart++)
            {
                await load.WhenAcknowledgedAsync(random.Next(1, MostAcknowledged));
                Assert.Equal(0, await host.Process.TerminateAsync());
                await host.RestartAsync();
                await host.Process.ReadyAsync();
            }
        });
    }

    /// <summary>
    /// Kills the host at a random moment: while it starts, some time after it started, or when it has acknowledged some records. The
    /// delays are not a wait for anything: they are what is random.
    /// </summary>
    private static async Task KillAsync(RestartedHost host, KeyedLoad load, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                await Task.Delay(random.NextDouble() * LongestStart);
                break;
            case 1:
                await host.Process.ReadyAsync();
                await Task.Delay(random.NextDouble() * LongestRun);
                break;
            default:
                await host.Process.ReadyAsync();
                await load.WhenAcknowledgedAsync(random.Next(1, MostAcknowledged))
                    .ConfigureAwait(false); // continues on the thread that receives the acknowledgement
                break;
        }

        await host.Process.KillAsync();
    }

    /// <summary>
    /// Sends while the host goes through something, then judges the effects. One load waits for acknowledgements as long as it takes;
    /// the other gives up soon, so that the fate of some of its records is uncertain.
    /// </summary>
    private async Task UnderLoadAsync(RestartedHost host, Func<KeyedLoad, Task> goThrough)
    {
        output.WriteLine($"Seed {_seed}; CRASH_SEED={_seed} sets it again, CRASH_ROUNDS the number of kills (default {DefaultRounds}).");
        var quick =
            new ProducerSettings { InitialBackoff = TimeSpan.FromMilliseconds(20), MaximumBackoff = TimeSpan.FromMilliseconds(200) };
        var patient = new KeyedLoad(host.Client, "patient", keys: 12, window: 400, quick);
        var hasty = new KeyedLoad(host.Client, "hasty", keys: 4, window: 100, quick with { DeliveryTimeout = LoadTrial.Haste });
        await new LoadTrial(patient, hasty, _seed, output).UnderLoadAsync(goThrough, async () => (await DrainAsync(host), []));
    }

    /// <summary>Waits until all is processed, stops the host, and reads the effects.</summary>
    private static async Task<Effects> DrainAsync(RestartedHost host)
    {
        await host.DrainAsync();
        var (log, copies, deadLetters) = (
            await Effects.RecordsAsync(host.Client, NumbersPipeline.Source),
            await Effects.NumbersAsync(host.Client, NumbersPipeline.Copied),
            await Effects.NumbersAsync(host.Client, NumbersPipeline.DeadLetters));
        Assert.Equal(0, await host.Process.TerminateAsync());
        Assert.False(File.Exists(host.Database + "-wal"), "A clean stop leaves a write-ahead log beside the database.");
        return new Effects
        {
            Log = log,
            Copies = copies,
            DeadLetters = deadLetters,
            Rows = Tables.Rows(host.Database, NumbersPipeline.RowsTable),
            CopyRows = Tables.Rows(host.Database, NumbersPipeline.CopiesTable),
            Counts = Tables.Counts(host.Database),
            Lines = [.. Effects.LinesOf(host.Files)],
        };
    }
}
