namespace Orleans.Pipeline;

/// <summary>The status of a task.</summary>
public sealed record StageTaskStatus
{
    /// <summary>The partition that the task reads.</summary>
    public required int Partition { get; init; }

    /// <summary>The task's state.</summary>
    public required RunState State { get; init; }

    /// <summary>The epoch under which the task runs.</summary>
    public required long Epoch { get; init; }

    /// <summary>The first offset not yet committed.</summary>
    public required long NextOffset { get; init; }

    /// <summary>The offset that the partition's next record will get.</summary>
    public required long EndOffset { get; init; }

    /// <summary>Records not yet committed.</summary>
    public required long Lag { get; init; }

    /// <summary>Records committed per second over the last seconds.</summary>
    public required double RecordsPerSecond { get; init; }

    /// <summary>Records whose effects were committed, dead letters not counted, since the process started.</summary>
    public required long Processed { get; init; }

    /// <summary>Records that became dead letters, since the task was created.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>The last error while the task retries or after it stopped; otherwise null.</summary>
    public required string? Error { get; init; }

    /// <summary>The name of the node, a process or silo, that runs the task; null if no node answers for it.</summary>
    public required string? Node { get; init; }

    /// <summary>
    /// Retries since the process started: of records whose step failed, counted once the record is committed, and of the task's own
    /// operations, such as a read or a commit.
    /// </summary>
    public required long Retries { get; init; }

    /// <summary>Bytes of records committed per second over the last seconds, unpacked.</summary>
    public required double BytesPerSecond { get; init; }
}
