namespace Orleans.Pipeline.Grains;

/// <summary>The status of a task, with the figures that its stage and pipeline sum over their tasks.</summary>
/// <remarks>
/// Silos of other versions read the report, so an id keeps its meaning and new members get new ids. The members of <see cref="Status"/>
/// therefore travel one by one, under the ids that they had in the first version.
/// </remarks>
[GenerateSerializer, Immutable, Alias("pipeline.task-report")]
internal sealed partial record TaskReport
{
    [Id(0)]
    public required string Stage { get; init; }

    public required StageTaskStatus Status
    {
        get => new()
        {
            Partition = Partition,
            State = State,
            Epoch = Epoch,
            NextOffset = NextOffset,
            EndOffset = EndOffset,
            Lag = Math.Max(EndOffset - NextOffset, 0),
            RecordsPerSecond = RecordsPerSecond,
            Processed = Processed,
            DeadLetters = DeadLetters,
            Error = Error,
            Node = Node,
            Retries = Retries,
            BytesPerSecond = BytesPerSecond,
        };
        init
        {
            Partition = value.Partition;
            State = value.State;
            Epoch = value.Epoch;
            NextOffset = value.NextOffset;
            EndOffset = value.EndOffset;
            RecordsPerSecond = value.RecordsPerSecond;
            Processed = value.Processed;
            DeadLetters = value.DeadLetters;
            Error = value.Error;
            Node = value.Node;
            Retries = value.Retries;
            BytesPerSecond = value.BytesPerSecond;
        }
    }

    /// <summary>Gets the number of hits of each latency bucket, in the buckets of the status.</summary>
    [Id(10)]
    public required long[] Latency { get; init; }

    /// <summary>Gets the longest latency, in milliseconds.</summary>
    [Id(11)]
    public required long MaximumMs { get; init; }

    [Id(15)]
    public required int ChunksRunning { get; init; }

    [Id(16)]
    public required int ChunksWaiting { get; init; }

    /// <summary>Gets the number of chunks, over all tasks, that the silo can run at once.</summary>
    [Id(17)]
    public required int Workers { get; init; }

    /// <summary>Gets what commits wrote to each sink per second over the last seconds; null from a silo of an older version.</summary>
    [Id(18)]
    public required double[]? WrittenPerSecond { get; init; }

    [Id(1)]
    private int Partition { get; init; }

    [Id(2)]
    private RunState State { get; init; }

    [Id(3)]
    private long Epoch { get; init; }

    [Id(4)]
    private long NextOffset { get; init; }

    [Id(5)]
    private long EndOffset { get; init; }

    [Id(6)]
    private double RecordsPerSecond { get; init; }

    [Id(7)]
    private long Processed { get; init; }

    [Id(8)]
    private long DeadLetters { get; init; }

    [Id(9)]
    private string? Error { get; init; }

    [Id(12)]
    private string? Node { get; init; }

    [Id(13)]
    private long Retries { get; init; }

    [Id(14)]
    private double BytesPerSecond { get; init; }
}
