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
/// <param name="Partition">The partition it reads.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Epoch">The epoch under which it runs.</param>
/// <param name="NextOffset">The first offset not yet committed.</param>
/// <param name="EndOffset">The offset that the partition's next record will get.</param>
/// <param name="Lag">Records not yet committed.</param>
/// <param name="RecordsPerSecond">Records committed per second over the last seconds.</param>
/// <param name="Processed">Records whose effects were committed, dead letters not counted, since the process started.</param>
/// <param name="DeadLetters">Records that became dead letters, since the task was created.</param>
/// <param name="Error">The last error while it retries or since it stopped, or null.</param>
/// <param name="Node">The process or silo that it runs on, by the name it has among the nodes; null if none answers for it.</param>
/// <param name="Retries">
/// How often something was tried again since the process started: a record whose step failed, once it is committed, and what the task
/// itself needs to go on, such as a read or a commit.
/// </param>
/// <param name="BytesPerSecond">Bytes of records committed per second over the last seconds, unpacked.</param>
public sealed record StageTaskStatus(
    int Partition,
    RunState State,
    long Epoch,
    long NextOffset,
    long EndOffset,
    long Lag,
    double RecordsPerSecond,
    long Processed,
    long DeadLetters,
    string? Error,
    string? Node,
    long Retries,
    double BytesPerSecond);
