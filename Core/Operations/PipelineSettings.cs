namespace Orleans.Pipeline;

/// <summary>The settings in force for a pipeline, from its <see cref="PipelineProfile"/> and <c>RetrySettings</c>.</summary>
public sealed record PipelineSettings
{
    /// <summary>The most bytes in a batch that a task appends.</summary>
    public required int BatchBytes { get; init; }

    /// <summary>The time that a producer waits for a batch to fill, in milliseconds.</summary>
    public required double LingerMs { get; init; }

    /// <summary>The most bytes that a task holds between reading and committing.</summary>
    public required int ReadAheadBytes { get; init; }

    /// <summary>The most bytes that a task reads at once.</summary>
    public required int ReadBytes { get; init; }

    /// <summary>The most records that a worker gets at once.</summary>
    public required int ChunkRecords { get; init; }

    /// <summary>The least time between two commits of a task, in milliseconds.</summary>
    public required double CommitIntervalMs { get; init; }

    /// <summary>The bytes at which a task commits before its interval is over.</summary>
    public required int CommitBytes { get; init; }

    /// <summary>The most chunks that workers process at once in a process.</summary>
    public required int Workers { get; init; }

    /// <summary>The number of attempts before a record becomes a dead letter.</summary>
    public required int Attempts { get; init; }
}
