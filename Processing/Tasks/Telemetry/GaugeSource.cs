namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>The parts of an engine that its gauges read.</summary>
internal sealed record GaugeSource
{
    public required PipelineCatalog Catalog { get; init; }

    public required ITopicStore Log { get; init; }

    public required ICheckpointStore Checkpoints { get; init; }

    public required Func<TopicName, int> PartitionsOf { get; init; }

    public required Func<TopicPartition, bool> IsMine { get; init; }

    /// <summary>The tasks that this process runs or has paused.</summary>
    public required Func<IEnumerable<LocalTask>> LocalTasks { get; init; }

    public required int Workers { get; init; }

    /// <summary>Returns the number of active silos; null if this process is not a silo.</summary>
    public Func<int>? Silos { get; init; }

    /// <summary>Lists the stages that have checkpoints and that no host defines.</summary>
    public required Func<CancellationToken, ValueTask<IReadOnlyList<UndefinedStage>>> ListUndefined { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public IEnumerable<StageDefinition> Stages => Catalog.Pipelines.SelectMany(pipeline => pipeline.Stages);

    public IEnumerable<TopicName> Topics => Catalog.Pipelines
        .SelectMany(pipeline => pipeline.Stages.SelectMany(stage => stage.Outputs.Append(stage.Source)).Append(pipeline.DeadLetters))
        .Distinct();

    public IEnumerable<TopicPartition> PartitionsFor(TopicName topic) => Enumerable.Range(0, PartitionsOf(topic))
        .Select(partition => new TopicPartition(topic, partition))
        .Where(IsMine);
}

internal readonly record struct LocalTask(TaskId Id, RunState State, TaskProgress Progress, PartitionProcessor? Processor = null)
{
    public (long Used, long Limit) ReadAhead => Running?.ReadAhead ?? (0, 0);

    public long? OldestTimestamp => Running?.OldestTimestamp;

    private PartitionProcessor? Running => Processor is { Completion.IsCompleted: false } ? Processor : null;
}
