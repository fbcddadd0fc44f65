namespace Orleans.Pipeline;

/// <summary>The status of a pipeline.</summary>
public sealed record PipelineStatus
{
    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>The pipeline's state.</summary>
    public required RunState State { get; init; }

    /// <summary>The pipeline's profile: <c>LowLatency</c>, <c>Balanced</c> or <c>Throughput</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>The pipeline's stages, in order.</summary>
    public required IReadOnlyList<StageStatus> Stages { get; init; }

    /// <summary>Records whose effects were committed, dead letters not counted, since the process started.</summary>
    public required long Processed { get; init; }

    /// <summary>Records that became dead letters, since the pipeline was created.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Records not yet committed, over all stages.</summary>
    public required long Lag { get; init; }

    /// <summary>Records committed per second over the last seconds.</summary>
    public required double RecordsPerSecond { get; init; }

    /// <summary>Time from a record's timestamp to its committed effect.</summary>
    public required LatencyStatus Latency { get; init; }

    /// <summary>The topic that takes the pipeline's dead letters.</summary>
    public required TopicName DeadLetterTopic { get; init; }

    /// <summary>The settings in force.</summary>
    public required PipelineSettings Settings { get; init; }

    /// <summary>Bytes of records committed per second over the last seconds, unpacked.</summary>
    public required double BytesPerSecond { get; init; }
}
