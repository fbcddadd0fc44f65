using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Workers;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Tasks;

/// <summary>What every partition grain of a silo needs.</summary>
internal sealed class PartitionServices(
    ClusterSettings settings,
    PipelineCatalog catalog,
    ClusterTopics clusterTopics,
    StagePrograms programs,
    ITopicStore topics,
    ICheckpointStore checkpoints,
    WorkerSlots workers,
    ILocalSiloDetails silo,
    TimeProvider timeProvider,
    ILogger<PartitionProcessor> logger)
{
    public ClusterSettings Settings => settings;

    /// <summary>The silo's name.</summary>
    public string Node => silo.Name;

    public StagePrograms Programs => programs;

    public ITopicStore Topics => topics;

    public ICheckpointStore Checkpoints => checkpoints;

    public TimeProvider TimeProvider => timeProvider;

    public StageTask Find(string task) => programs.TryFind(task, out var found)
        ? found
        : throw new InvalidOperationException($"Task '{task}' belongs to no pipeline that is defined on this silo. Define the same pipelines on every silo.");

    public ProcessorSettings SettingsOf(StageTask task, ICommitter committer) => new()
    {
        Profile = task.Pipeline.Profile,
        ReadAheadBytes = ReadAheadOf(task).Bytes,
        Workers = new GrainWorkerPool(workers, 2 * task.Pipeline.Profile.Workers),
        Committer = committer,
        Logger = logger,
        Telemetry = programs.ProgramOf(task.Id).Telemetry,
        TimeProvider = timeProvider,
    };

    public ReadAheadShare ReadAheadOf(StageTask task) =>
        ReadAheadShare.Of(catalog.Pipelines, clusterTopics.PartitionsOf, task.Pipeline.Profile, settings.ReadAheadBytes);
}
