using System.Collections.Concurrent;
using Npgsql;
using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Cluster.Processes;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Bench.Cluster.Scenarios;

/// <summary>
/// Three silos, each a process, with a steady load by the SDK over all gateways. Another version replaces them one by one, and then the
/// first version again. Measures the longest times without a commit, and the time from each send to its committed effect.
/// </summary>
internal sealed class RollingUpgrade(BenchDatabase database, int partitions, string? assemblies)
{
    private const int Silos = 3;
    private const int RecordsPerTick = 5;
    private static readonly PipelineProfile Profile = PipelineProfile.Balanced;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(15);

    private readonly ConcurrentBag<Sent> _sent = [];
    private int _started;

    public async Task<UpgradeFigures> RunAsync()
    {
        using var other = new OtherVersion(assemblies);
        var connectionString = await database.CreateAsync();
        var places = Enumerable.Range(0, Silos).Select(_ => new Place(FreePort.Next(), FreePort.Next(), FreePort.Next())).ToList();
        await StartAsync(places[0], connectionString, program: null);
        await using var owners = await Owners.WatchAsync(connectionString);
        await Commits.BeginAsync(connectionString);
        foreach (var place in places.Skip(1))
        {
            await StartAsync(place, connectionString, program: null);
        }

        await using var client = new PipelineClient([.. places.Select(place => place.Address)]);
        using var stopping = new CancellationTokenSource();
        var pushing = PushAsync(client, stopping.Token);
        await WhenSharedAsync(owners, places);
        var calmFrom = DateTime.UtcNow;
        await Task.Delay(Calm, CancellationToken.None);
        var upgradeFrom = DateTime.UtcNow;
        foreach (var program in new[] { other.Program, null })
        {
            foreach (var place in places)
            {
                place.Process!.Signal("TERM");
                await place.Process.DisposeAsync();
                await StartAsync(place, connectionString, program);
                await WhenSharedAsync(owners, places);
            }
        }

        var upgradeTo = DateTime.UtcNow;
        await stopping.CancelAsync();
        await pushing;
        await places[0].Process!.TellAsync("catch-up");
        var commits = await Commits.ReadAsync(connectionString);
        var figures = new UpgradeFigures(
            _sent.Count,
            await Commits.CountedAsync(connectionString),
            FiguresOf(commits, calmFrom, upgradeFrom),
            FiguresOf(commits, upgradeFrom, upgradeTo));
        await Task.WhenAll(places.Select(place => place.Process!.DisposeAsync().AsTask()));
        await database.DropAsync(connectionString);
        return figures;
    }

    private Task WhenSharedAsync(Owners owners, List<Place> places) =>
        owners.WhenAsync(bySilo => places.TrueForAll(place => bySilo[place.Name].Count() >= partitions / Silos));

    private async Task StartAsync(Place place, string connectionString, string? program)
    {
        place.Name = $"silo-{_started++}";
        var named = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = place.Name }.ConnectionString;
        place.Process = await BenchProcess.StartAsync(
            BenchSilo.Role,
            named,
            program,
            BenchSilo.Arguments(Profile, partitions, place.SiloPort, place.GatewayPort, place.Address.ToString()));
    }

    private async Task PushAsync(PipelineClient client, CancellationToken stopping)
    {
        var sending = new List<Task>();
        await using var producer = client.CreateProducer(CountingPipeline.Topic, ProducerSettings.For(Profile));
        using var timer = new PeriodicTimer(Tick);
        while (!stopping.IsCancellationRequested)
        {
            for (var record = 0; record < partitions * RecordsPerTick; record++)
            {
                sending.Add(SendAsync(producer, record % partitions));
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(sending);
    }

    private async Task SendAsync(Producer producer, int partition)
    {
        var at = DateTime.UtcNow;
        var sent = await producer.SendAsync(new ProducerRecord { Value = new byte[100], Partition = partition });
        _sent.Add(new Sent(at, partition, sent.Offset));
    }

    /// <summary>Calculates the figures of a span of time.</summary>
    private UpgradeSpan FiguresOf(List<Commits.Commit> commits, DateTime from, DateTime to)
    {
        var inSpan = commits.FindAll(commit => commit.At >= from && commit.At < to);
        var byPartition = commits.GroupBy(commit => commit.Partition).ToDictionary(group => group.Key, group => group.ToList());
        var latencies = _sent.Where(sent => sent.At >= from && sent.At < to)
            .Select(sent => byPartition[sent.Partition].First(commit => commit.Next > sent.Offset).At - sent.At);
        return new UpgradeSpan(
            LongestGap(inSpan),
            inSpan.GroupBy(commit => commit.Partition).Max(partition => LongestGap([.. partition])),
            Percentiles.Of(latencies));
    }

    private static TimeSpan LongestGap(List<Commits.Commit> commits) =>
        commits.Zip(commits.Skip(1), (earlier, later) => later.At - earlier.At).Max();

    private sealed record Sent(DateTime At, int Partition, long Offset);

    /// <summary>The place of a silo. The ports stay, while processes replace each other.</summary>
    private sealed class Place(int siloPort, int gatewayPort, int httpPort)
    {
        public int SiloPort => siloPort;

        public int GatewayPort => gatewayPort;

        public Uri Address { get; } = new($"http://127.0.0.1:{httpPort}");

        public string Name { get; set; } = "";

        public BenchProcess? Process { get; set; }
    }
}

/// <summary>The effect of an upgrade and a downgrade on the load.</summary>
/// <param name="Acknowledged">Records that were acknowledged.</param>
/// <param name="Counted">Records that the pipeline counted.</param>
/// <param name="Calm">Before the upgrade, with the same load.</param>
/// <param name="Upgrade">During the upgrade and the downgrade.</param>
internal sealed record UpgradeFigures(long Acknowledged, long Counted, UpgradeSpan Calm, UpgradeSpan Upgrade);

/// <summary>The figures of a span of time.</summary>
/// <param name="LongestGap">The longest time in which no task committed.</param>
/// <param name="LongestPartitionGap">The longest time in which one partition's task committed nothing.</param>
/// <param name="Effects">The times from send to committed effect.</param>
internal sealed record UpgradeSpan(TimeSpan LongestGap, TimeSpan LongestPartitionGap, Percentiles Effects);
