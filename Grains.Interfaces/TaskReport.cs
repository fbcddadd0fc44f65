namespace Orleans.Pipeline.Grains;

/// <summary>How a task is doing, with what its stage and pipeline add up over their tasks.</summary>
[Immutable, Alias("pipeline.task-report")]
internal sealed record TaskReport
{
    public required string Stage { get; init; }

    public required StageTaskStatus Status { get; init; }

    /// <summary>How often each bucket of latencies was hit, in the buckets of the status.</summary>
    public required long[] Latency { get; init; }

    /// <summary>The longest latency, in milliseconds.</summary>
    public required long MaximumMs { get; init; }

    /// <summary>Chunks of it that workers run.</summary>
    public required int ChunksRunning { get; init; }

    /// <summary>Chunks of it that wait for a worker.</summary>
    public required int ChunksWaiting { get; init; }

    /// <summary>Chunks that the silo can run at once, over all tasks.</summary>
    public required int Workers { get; init; }

    /// <summary>What commits wrote to each sink per second over the last seconds; null from a silo of an older version.</summary>
    public required double[]? WrittenPerSecond { get; init; }
}

/// <summary>A task's report between silos. Silos of other versions read it: an id keeps its meaning, and new members get new ids.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.task-report-surrogate")]
internal partial struct TaskReportSurrogate
{
    [Id(0)]
    public string Stage;

    [Id(1)]
    public int Partition;

    [Id(2)]
    public RunState State;

    [Id(3)]
    public long Epoch;

    [Id(4)]
    public long NextOffset;

    [Id(5)]
    public long EndOffset;

    [Id(6)]
    public double RecordsPerSecond;

    [Id(7)]
    public long Processed;

    [Id(8)]
    public long DeadLetters;

    [Id(9)]
    public string? Error;

    [Id(10)]
    public long[] Latency;

    [Id(11)]
    public long MaximumMs;

    [Id(12)]
    public string? Node;

    [Id(13)]
    public long Retries;

    [Id(14)]
    public double BytesPerSecond;

    [Id(15)]
    public int ChunksRunning;

    [Id(16)]
    public int ChunksWaiting;

    [Id(17)]
    public int Workers;

    [Id(18)]
    public double[]? WrittenPerSecond;
}

/// <summary>Turns reports of tasks into what travels, and back.</summary>
[RegisterConverter]
internal sealed class TaskReportConverter : IConverter<TaskReport, TaskReportSurrogate>
{
    /// <inheritdoc />
    public TaskReport ConvertFromSurrogate(in TaskReportSurrogate surrogate) => new()
    {
        Stage = surrogate.Stage,
        Status = new StageTaskStatus
        {
            Partition = surrogate.Partition,
            State = surrogate.State,
            Epoch = surrogate.Epoch,
            NextOffset = surrogate.NextOffset,
            EndOffset = surrogate.EndOffset,
            Lag = Math.Max(surrogate.EndOffset - surrogate.NextOffset, 0),
            RecordsPerSecond = surrogate.RecordsPerSecond,
            Processed = surrogate.Processed,
            DeadLetters = surrogate.DeadLetters,
            Error = surrogate.Error,
            Node = surrogate.Node,
            Retries = surrogate.Retries,
            BytesPerSecond = surrogate.BytesPerSecond,
        },
        Latency = surrogate.Latency,
        MaximumMs = surrogate.MaximumMs,
        ChunksRunning = surrogate.ChunksRunning,
        ChunksWaiting = surrogate.ChunksWaiting,
        Workers = surrogate.Workers,
        WrittenPerSecond = surrogate.WrittenPerSecond,
    };

    /// <inheritdoc />
    public TaskReportSurrogate ConvertToSurrogate(in TaskReport value) => new()
    {
        Stage = value.Stage,
        Partition = value.Status.Partition,
        State = value.Status.State,
        Epoch = value.Status.Epoch,
        NextOffset = value.Status.NextOffset,
        EndOffset = value.Status.EndOffset,
        RecordsPerSecond = value.Status.RecordsPerSecond,
        Processed = value.Status.Processed,
        DeadLetters = value.Status.DeadLetters,
        Error = value.Status.Error,
        Latency = value.Latency,
        MaximumMs = value.MaximumMs,
        Node = value.Status.Node,
        Retries = value.Status.Retries,
        BytesPerSecond = value.Status.BytesPerSecond,
        ChunksRunning = value.ChunksRunning,
        ChunksWaiting = value.ChunksWaiting,
        Workers = value.Workers,
        WrittenPerSecond = value.WrittenPerSecond,
    };
}
