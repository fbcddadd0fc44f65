namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>What an engine lets its gauges see.</summary>
internal sealed record GaugeSource
{
    public required PipelineCatalog Catalog { get; init; }

    public required ITopicStore Log { get; init; }

    public required ICheckpointStore Checkpoints { get; init; }

    /// <summary>How many partitions a topic of the pipelines has.</summary>
    public required Func<TopicName, int> PartitionsOf { get; init; }

    /// <summary>Returns whether this process reports a partition.</summary>
    public required Func<TopicPartition, bool> IsMine { get; init; }

    /// <summary>The tasks that this process runs or has paused.</summary>
    public required Func<IEnumerable<LocalTask>> LocalTasks { get; init; }

    /// <summary>Chunks that its workers can run at once.</summary>
    public required int Workers { get; init; }

    /// <summary>How many silos are active; null if this is none.</summary>
    public Func<int>? Silos { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public IEnumerable<StageDefinition> Stages => Catalog.Pipelines.SelectMany(pipeline => pipeline.Stages);

    /// <summary>The topics that the pipelines read and write.</summary>
    public IEnumerable<TopicName> Topics => Catalog.Pipelines
        .SelectMany(pipeline => pipeline.Stages.SelectMany(stage => stage.Outputs.Append(stage.Source)).Append(pipeline.DeadLetters))
        .Distinct();

    /// <summary>The partitions of a stage's source that are this process's.</summary>
    public IEnumerable<TopicPartition> PartitionsFor(TopicName topic) => Enumerable.Range(0, PartitionsOf(topic))
        .Select(partition => new TopicPartition(topic, partition))
        .Where(IsMine);
}

/// <summary>A task in this process.</summary>
/// <param name="Id">The task.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Progress">What it has committed.</param>
/// <param name="Processor">What runs it; null if nothing does.</param>
internal readonly record struct LocalTask(TaskId Id, RunState State, TaskProgress Progress, PartitionProcessor? Processor = null)
{
    /// <summary>The bytes that it holds of the read-ahead, and the most that it may.</summary>
    public (long Used, long Limit) ReadAhead => Running?.ReadAhead ?? (0, 0);

    /// <summary>The timestamp of the oldest record that it holds but has not committed; null if there is none.</summary>
    public long? OldestTimestamp => Running?.OldestTimestamp;

    private PartitionProcessor? Running => Processor is { Completion.IsCompleted: false } ? Processor : null;
}
