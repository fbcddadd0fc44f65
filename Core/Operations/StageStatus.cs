using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>How a stage is doing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The topic it reads.</param>
/// <param name="Tasks">Its tasks, by partition.</param>
/// <param name="Steps">The names of its steps, in the order in which they were defined, sinks not counted.</param>
/// <param name="Sinks">What it writes, dead letters not counted.</param>
/// <param name="Workers">What its workers do.</param>
public sealed record StageStatus(
    string Name, TopicName Source, IReadOnlyList<StageTaskStatus> Tasks, IReadOnlyList<string> Steps, IReadOnlyList<SinkStatus> Sinks, WorkersStatus Workers);

/// <summary>What a stage writes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The topic, the table, or what dead letters call any other sink.</param>
/// <param name="RecordsPerSecond">
/// What commits wrote to it per second over the last seconds: records for a topic, rows for a table, values for any other.
/// </param>
public sealed record SinkStatus(SinkKind Kind, string Name, double RecordsPerSecond);

/// <summary>What kind of sink it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SinkKind>))]
public enum SinkKind
{
    /// <summary>A topic of the log.</summary>
    Topic,

    /// <summary>A table of the database.</summary>
    Table,

    /// <summary>Anything else: a file, the console, a sink of one's own.</summary>
    Other,
}

/// <summary>What the workers of a stage do, over all processes.</summary>
/// <param name="Busy">Chunks that are being run.</param>
/// <param name="Waiting">Chunks that wait for a worker.</param>
/// <param name="Limit">Chunks that can be run at once; the stages share these workers.</param>
public sealed record WorkersStatus(int Busy, int Waiting, int Limit);

/// <summary>How a task is doing.</summary>
public sealed record StageTaskStatus
{
    /// <summary>The partition it reads.</summary>
    public required int Partition { get; init; }

    /// <summary>What it is doing.</summary>
    public required RunState State { get; init; }

    /// <summary>The epoch under which it runs.</summary>
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

    /// <summary>The last error while it retries or since it stopped, or null.</summary>
    public required string? Error { get; init; }

    /// <summary>The process or silo that it runs on, by the name it has among the nodes; null if none answers for it.</summary>
    public required string? Node { get; init; }

    /// <summary>
    /// How often something was tried again since the process started: a record whose step failed, once it is committed, and
    /// what the task itself needs to go on, such as a read or a commit.
    /// </summary>
    public required long Retries { get; init; }

    /// <summary>Bytes of records committed per second over the last seconds, unpacked.</summary>
    public required double BytesPerSecond { get; init; }
}
