namespace Orleans.Pipeline.Cli.Lag;

/// <summary>How far behind the pipelines are, as <c>--json</c> writes it.</summary>
/// <param name="Time">When that was.</param>
/// <param name="Pipelines">The pipelines, by name.</param>
internal sealed record LagJson(DateTimeOffset Time, IReadOnlyList<PipelineLagJson> Pipelines)
{
    public static LagJson Of(DateTimeOffset time, IEnumerable<PipelineStatus> pipelines) =>
        new(time, [.. pipelines.Select(PipelineLagJson.Of)]);
}

/// <summary>How far behind a pipeline is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Lag">Records not yet committed, over all stages.</param>
/// <param name="RecordsPerSecond">Records committed per second over the last seconds.</param>
/// <param name="Stages">Its stages, in order.</param>
internal sealed record PipelineLagJson(string Name, RunState State, long Lag, double RecordsPerSecond, IReadOnlyList<StageLagJson> Stages)
{
    public static PipelineLagJson Of(PipelineStatus pipeline) => new(
        pipeline.Name, pipeline.State, pipeline.Lag, pipeline.RecordsPerSecond, [.. pipeline.Stages.Select(StageLagJson.Of)]);
}

/// <summary>How far behind a stage is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The topic it reads.</param>
/// <param name="Lag">Records not yet committed.</param>
/// <param name="RecordsPerSecond">Records committed per second over the last seconds.</param>
/// <param name="Partitions">Its partitions.</param>
internal sealed record StageLagJson(
    string Name, TopicName Source, long Lag, double RecordsPerSecond, IReadOnlyList<PartitionLagJson> Partitions)
{
    public static StageLagJson Of(StageStatus stage) => new(
        stage.Name,
        stage.Source,
        stage.Tasks.Sum(task => task.Lag),
        stage.Tasks.Sum(task => task.RecordsPerSecond),
        [.. stage.Tasks.Select(task => new PartitionLagJson
        {
            Partition = task.Partition,
            State = task.State,
            NextOffset = task.NextOffset,
            EndOffset = task.EndOffset,
            Lag = task.Lag,
            RecordsPerSecond = task.RecordsPerSecond,
            Hot = HotPartitions.IsHot(task, stage),
            Error = task.Error,
        })]);
}

/// <summary>How far behind a task is.</summary>
internal sealed record PartitionLagJson
{
    /// <summary>The partition it reads.</summary>
    public required int Partition { get; init; }

    /// <summary>What it is doing.</summary>
    public required RunState State { get; init; }

    /// <summary>The first offset not yet committed.</summary>
    public required long NextOffset { get; init; }

    /// <summary>The offset that the partition's next record will get.</summary>
    public required long EndOffset { get; init; }

    /// <summary>Records not yet committed.</summary>
    public required long Lag { get; init; }

    /// <summary>Records committed per second over the last seconds.</summary>
    public required double RecordsPerSecond { get; init; }

    /// <summary>Whether it is far more behind than its stage's other partitions.</summary>
    public required bool Hot { get; init; }

    /// <summary>The last error while it retries or since it stopped; null for none.</summary>
    public required string? Error { get; init; }
}
