using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

/// <summary>Makes the runners of a process's tasks, and compiles each stage once for all of them.</summary>
internal sealed class StageRunners
{
    private readonly Dictionary<(string Pipeline, string Stage), StageProgram> _programs = [];

    public required PipelineCatalog Catalog { get; init; }

    /// <summary>Resolves steps and sinks.</summary>
    public required IServiceProvider Services { get; init; }

    public required PipelineResources Topics { get; init; }

    /// <summary>Returns the log that a task reads.</summary>
    public required Func<TaskId, ITopicLog> LogOf { get; init; }

    public required ICheckpointStore Checkpoints { get; init; }

    /// <summary>The bytes that all tasks together hold between accepting and committing.</summary>
    public required long ReadAheadBytes { get; init; }

    public required string Node { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The clock of the tasks: commits, and the retries of reads, deliveries and commits.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>The clock of the steps: retries of records, and the times of dead letters. Default: that of the tasks.</summary>
    public TimeProvider? StepTime { get; init; }

    /// <summary>Spreads the waits of retries. Default: the shared source.</summary>
    public Random Random { get; init; } = Random.Shared;

    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Sees the calls of sinks outside the database; null for none.</summary>
    public ISinkProbe? Probe { get; init; }

    /// <summary>The bytes after which a task commits; null as the profile of its pipeline says.</summary>
    public int? CommitBytes { get; init; }

    public StageProgram ProgramOf(TaskId task) => _programs[(task.Pipeline, task.Stage)];

    /// <summary>Makes the runners of a stage, by partition. None of them runs yet.</summary>
    public IReadOnlyList<TaskRunner> Make(PipelineDefinition pipeline, StageDefinition stage, IWorkerPool workers)
    {
        var program = new StageProgram(pipeline, stage, Services, Topics.PartitionsOf, StepTime ?? TimeProvider, Random, Probe);
        var readAhead = ReadAheadShare.Of(Catalog.Pipelines, Topics.PartitionsOf, pipeline.Profile, ReadAheadBytes);
        _programs[(pipeline.Name, stage.Name)] = program;
        return
        [
            .. Enumerable.Range(0, Topics.PartitionsOf(stage.Source)).Select(partition =>
            {
                var task = new TaskId(pipeline.Name, stage.Name, partition);
                var log = LogOf(task);
                return new TaskRunner(SettingsOf(pipeline, program, readAhead.Bytes, log, workers))
                {
                    Id = task,
                    Source = new TopicPartition(stage.Source, partition),
                    Stage = stage,
                    Program = program,
                    Log = log,
                    Checkpoints = Checkpoints,
                    Progress = new TaskProgress(TimeProvider),
                    ReadBytes = readAhead.ReadBytes,
                    Node = Node,
                    Scheduler = Scheduler,
                };
            }),
        ];
    }

    private ProcessorSettings SettingsOf(
        PipelineDefinition pipeline, StageProgram program, long readAheadBytes, ITopicLog log, IWorkerPool workers) => new()
        {
            Profile = CommitBytes is { } bytes ? pipeline.Profile with { CommitBytes = bytes } : pipeline.Profile,
            ReadAheadBytes = readAheadBytes,
            Workers = workers,
            Committer = new OutputKeeper(Checkpoints, log, program.Outputs, Logger),
            Logger = Logger,
            Telemetry = program.Telemetry,
            TimeProvider = TimeProvider,
            Random = Random,
        };
}
