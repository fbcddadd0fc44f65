using Orleans.Pipeline.Client;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.Contracts;

/// <summary>Three silos on one database, a client that knows all of them, and the history of what they committed.</summary>
public sealed class SiloCluster : IAsyncDisposable
{
    private const int Size = 3;

    private readonly TemporaryDirectory _directory = new();

    private SiloCluster(string host, string connectionString, Random random)
    {
        ConnectionString = connectionString;
        Silos = [.. Enumerable.Range(1, Size).Select(number => new RestartedSilo(
            number,
            host,
            connectionString,
            _directory["files"],
            random))];
        Client = new PipelineClient(
            [.. Silos.Select(silo => silo.Address)], new PipelineClientSettings { RequestTimeout = TimeSpan.FromSeconds(5) });
        History = new CommitHistory(connectionString);
    }

    /// <summary>The database that they share.</summary>
    public string ConnectionString { get; }

    public IReadOnlyList<RestartedSilo> Silos { get; }

    public PipelineClient Client { get; }

    public CommitHistory History { get; }

    /// <summary>Starts a cluster of hosts of an assembly on an empty database.</summary>
    public static async Task<SiloCluster> StartAsync(PostgresServer server, string host, Random random)
    {
        var cluster = new SiloCluster(host, await server.TakeDatabaseAsync(), random);
        await cluster.ReadyAsync();
        await cluster.History.BeginAsync();
        return cluster;
    }

    /// <summary>Waits until every silo says that it is ready.</summary>
    public Task ReadyAsync() => Task.WhenAll(Silos.Select(silo => silo.ReadyAsync()));

    /// <summary>Kills silos at the same moment.</summary>
    public Task KillAsync(IEnumerable<RestartedSilo> victims) => Task.WhenAll(victims.Select(silo =>
    {
        History.Note("kill -9", silo.Name);
        return silo.KillAsync();
    }));

    /// <summary>Asks a silo to stop; the answer is its exit code.</summary>
    public Task<int> TerminateAsync(RestartedSilo silo)
    {
        History.Note("SIGTERM", silo.Name);
        return silo.TerminateAsync();
    }

    /// <summary>Freezes a silo.</summary>
    /// <returns>The frozen process.</returns>
    public HostProcess Freeze(RestartedSilo silo)
    {
        History.Note("SIGSTOP", silo.Name);
        return silo.Freeze();
    }

    /// <summary>
    /// Waits until every task has committed something that was appended after this was called; so each has a living owner.
    /// </summary>
    /// <param name="load">What is sent meanwhile; it sets the pace at which is asked.</param>
    public async Task WhenAllTasksGoOnAsync(KeyedLoad load)
    {
        var ends = new Dictionary<TopicPartition, long>();
        while (true)
        {
            try
            {
                var stages = (await Client.Admin.DescribePipelineAsync(NumbersPipeline.Name)).Stages;
                var tasks = stages.SelectMany(
                    stage => stage.Tasks, (stage, task) => (Source: new TopicPartition(stage.Source, task.Partition), Task: task)).ToList();
                if (tasks.Count(task => !ends.TryAdd(
                    task.Source,
                    task.Task.EndOffset) && task.Task.NextOffset > ends[task.Source]) == tasks.Count)
                {
                    return;
                }
            }
            catch (StoreUnavailableException)
            {
                // The silo that was asked is gone, or asks one that is; another is asked.
            }

            await load.WhenAcknowledgedAsync(100);
        }
    }

    /// <summary>Waits until everything sent has its effect, through every stage, even if a silo ends meanwhile.</summary>
    public Task DrainAsync() => UntilAnsweredAsync(() => Client.Admin.DrainAsync(NumbersPipeline.Name));

    /// <summary>Resumes the pipeline after a drain, even if a silo ends meanwhile.</summary>
    public Task ResumeAsync() => UntilAnsweredAsync(() => Client.Admin.ResumeAsync(NumbersPipeline.Name));

    /// <summary>Reads all that came of the numbers.</summary>
    /// <param name="prefix">With what the keys begin.</param>
    public async Task<Effects> EffectsAsync(string prefix)
    {
        var effects = new Effects
        {
            Log = await Effects.RecordsAsync(Client, NumbersPipeline.Source),
            Copies = await Effects.NumbersAsync(Client, NumbersPipeline.Copied),
            DeadLetters = await Effects.NumbersAsync(Client, NumbersPipeline.DeadLetters),
            Rows = await SinkTables.RowsAsync(ConnectionString, NumbersPipeline.RowsTable),
            CopyRows = await SinkTables.RowsAsync(ConnectionString, NumbersPipeline.CopiesTable),
            Counts = await SinkTables.CountsAsync(ConnectionString),
            Lines = [.. Silos.Where(silo => Directory.Exists(silo.Files)).SelectMany(silo => Effects.LinesOf(silo.Files))],
            AreLinesAtLeastOnce = true,
        };
        effects.Log.RemoveAll(record => !IsOne(record.Record));
        foreach (var numbers in new[] { effects.Copies, effects.DeadLetters, effects.Rows, effects.CopyRows, effects.Lines })
        {
            numbers.RemoveAll(number => !IsOne(number));
        }

        return effects;

        bool IsOne((string Key, int Number) record) => record.Key.StartsWith(prefix, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        _directory.Dispose();
    }

    /// <summary>Asks until it is answered: who was asked may have gone, and then the next is.</summary>
    private static async Task UntilAnsweredAsync(Func<ValueTask<PipelineStatus>> ask)
    {
        while (true)
        {
            try
            {
                await ask();
                return;
            }
            catch (StoreUnavailableException)
            {
                // The silo that was asked has gone, or was too busy; the next is asked.
            }
        }
    }
}
