using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Cli.Lag;

/// <summary>
/// The lag of the pipelines, as <c>--json</c> writes it. Lags count records not yet committed. Rates count records committed per second
/// over the last seconds.
/// </summary>
/// <param name="Time">The time of the answer.</param>
/// <param name="Pipelines">The pipelines, by name.</param>
/// <param name="Undefined">The stages that have checkpoints and that no host defines; null if there are none.</param>
internal sealed record LagJson(
    DateTimeOffset Time,
    IReadOnlyList<PipelineLagJson> Pipelines,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<UndefinedStage>? Undefined)
{
    public static LagJson Of(DateTimeOffset time, LagView lag) =>
        new(time, [.. lag.Pipelines.Select(PipelineLagJson.Of)], lag.Undefined.Count == 0 ? null : lag.Undefined);
}

internal sealed record PipelineLagJson(string Name, RunState State, long Lag, double RecordsPerSecond, IReadOnlyList<StageLagJson> Stages)
{
    public static PipelineLagJson Of(PipelineStatus pipeline) => new(
        pipeline.Name, pipeline.State, pipeline.Lag, pipeline.RecordsPerSecond, [.. pipeline.Stages.Select(StageLagJson.Of)]);
}

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

internal sealed record PartitionLagJson
{
    public required int Partition { get; init; }

    public required RunState State { get; init; }

    /// <summary>The first offset not yet committed.</summary>
    public required long NextOffset { get; init; }

    /// <summary>The offset that the partition's next record will get.</summary>
    public required long EndOffset { get; init; }

    public required long Lag { get; init; }

    public required double RecordsPerSecond { get; init; }

    /// <summary>Whether the lag is far larger than that of the stage's other partitions.</summary>
    public required bool Hot { get; init; }

    /// <summary>The last error of a retrying or stopped task; null for none.</summary>
    public required string? Error { get; init; }
}
