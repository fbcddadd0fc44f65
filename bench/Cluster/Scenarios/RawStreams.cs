using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Cluster.Processes;
using Orleans.Pipeline.Bench.Cluster.Streams;
using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster.Scenarios;

/// <summary>
/// The program that a user would write on raw Orleans, in one silo as a process. The measured time runs from the first record sent until a
/// grain has received the last one. The grain keeps no record.
/// </summary>
internal sealed class RawStreams : IAsyncDisposable
{
    private readonly BenchDatabase _database;
    private readonly string _connectionString;
    private readonly BenchProcess _silo;

    private RawStreams(BenchDatabase database, string connectionString, BenchProcess silo) =>
        (_database, _connectionString, _silo) = (database, connectionString, silo);

    public static async Task<RawStreams> StartAsync(BenchDatabase database)
    {
        var connectionString = await database.CreateAsync();
        return new RawStreams(
            database,
            connectionString,
            await BenchProcess.StartAsync(StreamSilo.Role, connectionString, $"{FreePort.Next()}", $"{FreePort.Next()}"));
    }

    public async Task<Sample> RunAsync(StreamWay way, Workload workload)
    {
        await _database.SettleAsync();
        await _silo.TellAsync("start");
        var databaseCpu = _database.ReadCpuSeconds();
        var outcome = await _silo.AskAsync<StreamOutcome>($"run {way.Provider} {way.PerCall} {way.Streams} {workload.Format()}");
        databaseCpu = _database.ReadCpuSeconds() - databaseCpu;
        var costs = await _silo.AskAsync<ProcessCosts>("stop");
        if (outcome.Taken < outcome.Sent)
        {
            Console.Error.WriteLine($"{way.Name}: {outcome.Sent - outcome.Taken:N0} of {outcome.Sent:N0} records were sent and never came.");
        }

        return new Sample(
            way.Name,
            outcome.Taken,
            outcome.Taken * workload.RecordBytes,
            outcome.Seconds,
            costs.CpuSeconds,
            costs.AllocatedBytes,
            costs.PeakBytes)
        {
            DatabaseCpuSeconds = databaseCpu,
            GrainCalls = costs.GrainCalls,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DropAsync(_connectionString);
    }
}
