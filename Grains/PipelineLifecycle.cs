using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Nodes;
using Orleans.Pipeline.Grains.Sources;
using Orleans.Pipeline.Grains.Streams;
using Orleans.Pipeline.Grains.Tasks;
using Orleans.Pipeline.Grains.Workers;
using Orleans.Pipeline.Tasks;
using Orleans.Pipeline.Tasks.Telemetry;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains;

/// <summary>
/// Starts a silo's parts in order and stops them in reverse order. On a stop no more tasks are woken. Then the records in flight commit
/// and the tasks leave. Only then does the silo announce its leave, so the others take over at once, from the last record.
/// </summary>
internal sealed class PipelineLifecycle(
    IServiceProvider services, ClusterSettings settings, ILogger<PipelineLifecycle> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>The stage at which the stream providers start: after the silo is active.</summary>
    public const int StreamsStage = ServiceLifecycleStage.Active + 10;

    private const int ReadersStage = StreamsStage + 10;

    private readonly HousekeepingLoop _housekeeping = new(
        services.GetRequiredService<ITopicStore>(),
        services.GetRequiredService<UndefinedStages>(),
        settings.RetentionInterval,
        services.GetRequiredService<TimeProvider>(),
        logger,
        () => services.GetRequiredService<ClusterAssignment>().IsFirst);

    private readonly CancellationTokenSource _stopping = new();
    private Task _refreshing = Task.CompletedTask;
    private EngineGauges? _gauges;

    private ClusterTopics Topics => services.GetRequiredService<ClusterTopics>();

    private ClusterAssignment Assignment => services.GetRequiredService<ClusterAssignment>();

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(PipelineLifecycle), ServiceLifecycleStage.ApplicationServices, PrepareAsync, _ => StopAsync());
        lifecycle.Subscribe(nameof(PipelineLifecycle), ServiceLifecycleStage.Active, _ => Task.CompletedTask, LeaveAsync);
        lifecycle.Subscribe(nameof(PipelineLifecycle), ReadersStage, _ => BeginAsync(), _ => ReleaseAsync());
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        RefuseUnknownProviders();
        await Topics.PrepareAsync(cancellationToken);
        var (partitions, assignment) = (services.GetRequiredService<LocalPartitions>(), Assignment);
        partitions.Start();
        assignment.Start();
        _housekeeping.Start();

        // If a silo ends without a stop, its gauges may be read after its services are disposed, so they resolve no services then.
        _gauges = new EngineGauges(new GaugeSource
        {
            Catalog = services.GetRequiredService<PipelineCatalog>(),
            Log = services.GetRequiredService<ITopicStore>(),
            Checkpoints = services.GetRequiredService<ICheckpointStore>(),
            PartitionsOf = Topics.PartitionsOf,
            IsMine = assignment.IsMine,
            LocalTasks = () => partitions.Tasks,
            Workers = WorkerGrain.Concurrency,
            Silos = () => assignment.Silos,
            ListUndefined = ListUndefinedOf(services.GetRequiredService<UndefinedStages>(), assignment),
            TimeProvider = services.GetRequiredService<TimeProvider>(),
        });
        _refreshing = RefreshAsync();
    }

    /// <summary>Lists the stages that no silo defines, on the one silo that reports them.</summary>
    private static Func<CancellationToken, ValueTask<IReadOnlyList<UndefinedStage>>> ListUndefinedOf(
        UndefinedStages undefined, ClusterAssignment assignment) =>
        cancellationToken => assignment.IsFirst ? undefined.ListAsync(cancellationToken) : new([]);

    private void RefuseUnknownProviders()
    {
        foreach (var source in services.GetRequiredService<PipelineCatalog>().StreamSources)
        {
            if (source.Provider == PipelineStreams.Provider)
            {
                throw new UnknownStreamProviderException(source, "its streams are topics. Read them with From");
            }

            if (services.GetKeyedService<IStreamProvider>(source.Provider) is null)
            {
                throw new UnknownStreamProviderException(
                    source, "this silo does not have it. Add it to every silo");
            }
        }
    }

    private Task BeginAsync()
    {
        services.GetRequiredService<TaskKeeper>().Start();
        return Task.CompletedTask;
    }

    private Task ReleaseAsync()
    {
        services.GetRequiredKeyedService<PartitionReaders>(PipelineStreams.Provider).ReleaseAll();
        return services.GetRequiredService<TaskKeeper>().StopAsync();
    }

    private Task LeaveAsync(CancellationToken cancellationToken) =>
        services.GetRequiredService<LocalPartitions>().StopAsync(cancellationToken);

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _refreshing;
        await _housekeeping.StopAsync();
        await (_gauges?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Assignment.StopAsync();
    }

    /// <summary>Polls for topics created elsewhere, as Kafka's clients poll metadata, and for the other silos' versions.</summary>
    private async Task RefreshAsync()
    {
        var versions = services.GetRequiredService<VersionWatch>();
        using var timer = new PeriodicTimer(settings.TopicRefreshInterval, services.GetRequiredService<TimeProvider>());
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await versions.LookAsync().WaitAsync(_stopping.Token);
                try
                {
                    if (await Topics.RefreshAsync(_stopping.Token))
                    {
                        Assignment.Renew();
                    }
                }
                catch (StoreUnavailableException)
                {
                    // The next tick tries again; the known topics stay valid.
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }
}
