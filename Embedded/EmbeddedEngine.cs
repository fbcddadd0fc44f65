using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Hosting;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Tasks;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Embedded;

/// <summary>Runs every pipeline of a catalog in this process, over one SQLite database.</summary>
public sealed partial class EmbeddedEngine : IPipelineEngine, IHostedLifecycleService, IAsyncDisposable
{
    private readonly EmbeddedSettings _settings;
    private readonly PipelineCatalog _catalog;
    private readonly DeferredStore<SqliteStore> _store;
    private readonly IServiceProvider _services;
    private readonly ILogger<EmbeddedEngine> _logger;
    private readonly TimeProvider _timeProvider;
    private readonly SortedDictionary<string, PipelineRunner> _pipelines = new(StringComparer.Ordinal);
    private readonly Definitions _definitions;
    private readonly UndefinedStages _undefined;
    private readonly HousekeepingLoop _housekeeping;
    private readonly ProcessLoad _load;
    private ThreadWorkerPool? _workers;
    private EngineGauges? _gauges;

    /// <summary>Creates the engine. Nothing runs before <see cref="StartAsync"/>.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="catalog">The pipelines.</param>
    /// <param name="store">The database, which the engine opens.</param>
    /// <param name="services">Resolves steps and sinks.</param>
    /// <param name="logger">Logs outages.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <exception cref="InvalidPipelineException">A pipeline reads Orleans streams, which only a cluster has.</exception>
    internal EmbeddedEngine(
        EmbeddedSettings settings,
        PipelineCatalog catalog,
        DeferredStore<SqliteStore> store,
        IServiceProvider services,
        ILogger<EmbeddedEngine> logger,
        TimeProvider timeProvider)
    {
        settings.Validate();
        RefuseStreams(catalog);
        _settings = settings;
        _catalog = catalog;
        _store = store;
        _services = services;
        _logger = logger;
        _timeProvider = timeProvider;
        var definitions = new Definitions(DefinedStage.Of(catalog), silent: []);
        _undefined = new UndefinedStages(new UndefinedStages.Source
        {
            Catalog = catalog,
            Log = store,
            Checkpoints = store,
            ReadDefinitions = (_, _) => new(definitions),
            ForgetAfter = settings.ForgetAfter,
            TimeProvider = timeProvider,
            Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<UndefinedStages>(),
        });
        _definitions = definitions;
        _housekeeping = new HousekeepingLoop(store, _undefined, settings.RetentionInterval, timeProvider, logger);
        _load = new ProcessLoad(timeProvider);
    }

    /// <summary>Gets the gauges of the engine's tasks while it runs.</summary>
    internal EngineGauges Gauges => _gauges ?? throw new InvalidOperationException("The engine does not run.");

    /// <summary>Gets the open database.</summary>
    internal SqliteStore Store => _store.Store;

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => _store.OpenAsync(cancellationToken).AsTask();

    /// <summary>
    /// Opens the database if it is not open, creates missing topics and tables, and starts every pipeline that is not paused.
    /// </summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="StoreUnusableException">The database cannot be opened; the message says why.</exception>
    /// <exception cref="TopicExistsException">A topic's number of partitions differs from its definition.</exception>
    /// <exception cref="TableMismatchException">A table's columns differ from its definition.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LogStarting(_logger, _settings.Name, ProcessLoad.Version, Path.GetFullPath(_settings.Store.Path));
        await _store.OpenAsync(cancellationToken);
        var store = _store.Store;

        // Only now, and not at the stop: a stopped engine still reports its pipelines.
        _pipelines.Clear();
        var topics = await PipelineResources.PrepareAsync(_catalog.Pipelines, store, store, cancellationToken);
        var checkpoints = (await store.ListAsync(cancellationToken)).ToDictionary(checkpoint => checkpoint.Task);
        var stages = StagesOver(store, topics);
        var workers = _workers = new ThreadWorkerPool(_settings.Workers, stages.ProgramOf);
        foreach (var pipeline in _catalog.Pipelines)
        {
            var runners = pipeline.Stages.SelectMany(stage => stages.Make(pipeline, stage, workers)).ToList();
            foreach (var runner in runners)
            {
                if (checkpoints.TryGetValue(runner.Id, out var checkpoint) && checkpoint.Source == runner.Source)
                {
                    runner.Restore(checkpoint);
                }
            }

            _pipelines.Add(pipeline.Name, new PipelineRunner(pipeline, runners, store, store, _settings.Workers));
        }

        foreach (var pipeline in _pipelines.Values)
        {
            await pipeline.StartAsync(cancellationToken);
        }

        _housekeeping.Start();
        _gauges = new EngineGauges(new GaugeSource
        {
            Catalog = _catalog,
            Log = store,
            Checkpoints = store,
            PartitionsOf = topics.PartitionsOf,
            IsMine = static _ => true,
            LocalTasks = () => _pipelines.Values.SelectMany(pipeline => pipeline.LocalTasks),
            Workers = _settings.Workers,
            ListUndefined = _undefined.ListAsync,
            TimeProvider = _timeProvider,
        });
    }

    /// <summary>
    /// Copies the whole database, as of one moment, into a new file. The pipelines keep running. To restore the copy, put it in the
    /// database's place and start the engine.
    /// </summary>
    /// <param name="path">The file to create; it must not exist.</param>
    /// <param name="cancellationToken">Cancels the backup; no file is left.</param>
    /// <exception cref="IOException">The file exists already, or cannot be created; the message says which.</exception>
    /// <exception cref="StoreUnavailableException">A disk is full or fails.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken = default) =>
        _store.Store.BackupAsync(path, cancellationToken);

    /// <summary>Stops reading records, commits the records in flight, and stops the pipelines.</summary>
    /// <param name="cancellationToken">Abandons the records in flight. They are processed after the next start.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _housekeeping.StopAsync();
        if (_gauges is { } gauges)
        {
            _gauges = null;
            await gauges.DisposeAsync();
        }

        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        abandon.CancelAfter(_settings.StopTimeout);
        await Task.WhenAll(_pipelines.Values.Select(pipeline => pipeline.StopAsync(abandon.Token)));
        _workers?.Dispose();
        _workers = null;
    }

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stops the engine if it is running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_workers is not null)
        {
            await StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until a task has committed every record below an offset.</summary>
    /// <param name="task">The task.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="UnknownPipelineException">The pipeline does not exist.</exception>
    /// <exception cref="UnknownTaskException">The stage or the partition does not exist.</exception>
    public Task WhenCommittedAsync(TaskId task, long offset, CancellationToken cancellationToken = default)
    {
        var pipeline = Find(task.Pipeline);
        var runner = pipeline.Stages.SelectMany(pipeline.TasksOf)
            .FirstOrDefault(runner => runner.Id == task) ?? throw new UnknownTaskException(task);
        return runner.Progress.WhenCommittedAsync(offset, cancellationToken);
    }

    /// <summary>
    /// Notes now what the engine defines, and lets go of what it has not defined for long, without waiting for the interval.
    /// </summary>
    internal ValueTask LookForUndefinedAsync(CancellationToken cancellationToken) =>
        _undefined.LookAsync(isMyTurn: true, cancellationToken);

    private PipelineRunner Find(string pipeline) =>
        _pipelines.GetValueOrDefault(pipeline) ?? throw new UnknownPipelineException(pipeline, _pipelines.Keys);

    private StageRunners StagesOver(SqliteStore store, PipelineResources topics) => new()
    {
        Catalog = _catalog,
        Services = _services,
        Topics = topics,
        LogOf = _ => store,
        Checkpoints = store,
        ReadAheadBytes = _settings.ReadAheadBytes,
        Node = _settings.Name,
        Logger = _logger,
        TimeProvider = _timeProvider,
    };

    private static void RefuseStreams(PipelineCatalog catalog)
    {
        foreach (var stage in catalog.Pipelines.SelectMany(pipeline => pipeline.Stages))
        {
            if (stage.Stream is { } stream)
            {
                throw new InvalidPipelineException(
                    stage.Pipeline,
                    $"stage '{stage.Name}' reads the Orleans streams '{stream}', which live on the silos of a cluster. "
                    + "Run the pipeline on a silo, or read a topic with From.");
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The embedded engine {Name} starts: Orleans.Pipeline {Version}, store: SQLite file '{Store}'.")]
    private static partial void LogStarting(ILogger logger, string name, string version, string store);
}
