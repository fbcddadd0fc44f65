using System.Diagnostics;
using Npgsql;
using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Cluster.Processes;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Bench.Cluster.Scenarios;

/// <summary>
/// Three silos, each a process, with a light load on every partition. A signal ends one silo. The measured time runs from the signal until
/// each partition of that silo has committed under another one. Then the silo starts again and takes its share back.
/// </summary>
internal sealed class Handover(BenchDatabase database, int partitions)
{
    private const int Silos = 3;
    private static readonly PipelineProfile Profile = PipelineProfile.Balanced;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private int _started;

    /// <param name="signal"><c>TERM</c> or <c>KILL</c>.</param>
    /// <param name="samples">The number of repetitions.</param>
    public async Task<IReadOnlyList<TimeSpan>> RunAsync(string signal, int samples)
    {
        var connectionString = await database.CreateAsync();
        var silos = new Dictionary<string, BenchProcess>();
        await StartAsync(silos, connectionString);
        await using var owners = await Owners.WatchAsync(connectionString);
        while (silos.Count < Silos)
        {
            await StartAsync(silos, connectionString);
        }

        var times = new List<TimeSpan>();
        using var stopping = new CancellationTokenSource();
        var pushing = PushAsync(connectionString, stopping.Token);
        for (var sample = 0; sample < samples; sample++)
        {
            await owners.WhenAsync(bySilo => silos.Keys.All(silo => bySilo[silo].Count() >= partitions / Silos));
            times.Add(await EndAsync(silos, owners, signal));
            await StartAsync(silos, connectionString);
        }

        await stopping.CancelAsync();
        await pushing;
        await Task.WhenAll(silos.Values.Select(silo => silo.DisposeAsync().AsTask()));
        await database.DropAsync(connectionString);
        return times;
    }

    private static async Task<TimeSpan> EndAsync(Dictionary<string, BenchProcess> silos, Owners owners, string signal)
    {
        var (name, victim) = silos.First();
        silos.Remove(name);
        var started = Stopwatch.GetTimestamp();
        victim.Signal(signal);
        await owners.WhenAsync(bySilo => !bySilo.Contains(name));
        var time = Stopwatch.GetElapsedTime(started);
        await victim.DisposeAsync();
        return time;
    }

    private async Task StartAsync(Dictionary<string, BenchProcess> silos, string connectionString)
    {
        var name = $"silo-{_started++}";
        var named = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name }.ConnectionString;
        silos.Add(name, await BenchProcess.StartAsync(
            BenchSilo.Role,
            named,
            BenchSilo.Arguments(Profile, partitions, FreePort.Next(), FreePort.Next())));
    }

    private async Task PushAsync(string connectionString, CancellationToken stopping)
    {
        await using var store = await PostgresStore.OpenAsync(
            new PostgresStoreSettings { ConnectionString = connectionString }, cancellationToken: CancellationToken.None);
        await using var producer = new Producer(store, CountingPipeline.Topic, ProducerSettings.For(Profile));
        using var tick = new PeriodicTimer(Pace);
        while (!stopping.IsCancellationRequested)
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                await producer.EnqueueAsync(new ProducerRecord { Value = new byte[100], Partition = partition }, CancellationToken.None);
            }

            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
