using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Workers;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Tasks;

internal sealed class PartitionServices
{
    public required ClusterSettings Settings { get; init; }

    public required PipelineCatalog Catalog { get; init; }

    public required ClusterTopics ClusterTopics { get; init; }

    public required StagePrograms Programs { get; init; }

    public required ITopicStore Topics { get; init; }

    public required ICheckpointStore Checkpoints { get; init; }

    public required WorkerSlots Workers { get; init; }

    /// <summary>Gets the silo's name.</summary>
    public required string Node { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILogger<PartitionProcessor> Logger { get; init; }

    public static PartitionServices Of(IServiceProvider services) => new()
    {
        Settings = services.GetRequiredService<ClusterSettings>(),
        Catalog = services.GetRequiredService<PipelineCatalog>(),
        ClusterTopics = services.GetRequiredService<ClusterTopics>(),
        Programs = services.GetRequiredService<StagePrograms>(),
        Topics = services.GetRequiredService<ITopicStore>(),
        Checkpoints = services.GetRequiredService<ICheckpointStore>(),
        Workers = services.GetRequiredService<WorkerSlots>(),
        Node = services.GetRequiredService<ILocalSiloDetails>().Name,
        TimeProvider = services.GetRequiredService<TimeProvider>(),
        Logger = services.GetRequiredService<ILogger<PartitionProcessor>>(),
    };

    public StageTask Find(string task) => Programs.TryFind(task, out var found)
        ? found
        : throw new InvalidOperationException(
            $"Task '{task}' does not belong to a pipeline of this silo. Define the same pipelines on every silo.");

    public ProcessorSettings SettingsOf(StageTask task, ICommitter committer) => new()
    {
        Profile = task.Pipeline.Profile,
        ReadAheadBytes = ReadAheadOf(task).Bytes,
        Workers = new GrainWorkerPool(Workers, 2 * task.Pipeline.Profile.Workers),
        Committer = new OutputKeeper(committer, Topics, Programs.ProgramOf(task.Id).Outputs, Logger),
        Logger = Logger,
        Telemetry = Programs.ProgramOf(task.Id).Telemetry,
        TimeProvider = TimeProvider,
    };

    public ReadAheadShare ReadAheadOf(StageTask task) =>
        ReadAheadShare.Of(Catalog.Pipelines, ClusterTopics.PartitionsOf, task.Pipeline.Profile, Settings.ReadAheadBytes);
}
