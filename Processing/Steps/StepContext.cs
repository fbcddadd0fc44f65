using System.Diagnostics;
using Orleans.Pipeline.DeadLetters;
using Orleans.Pipeline.Steps;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline;

/// <summary>The source record of the value that a step works on. The next record reuses the context, so do not keep it.</summary>
public sealed class StepContext
{
    private ReadOnlyMemory<byte> _records;
    private int _headersStart;
    private bool _hasHeaders;
    private ReplayMark? _replay;

    internal StepContext(TaskId task, TopicPartition source)
    {
        Task = task;
        Source = source;
    }

    /// <summary>The task that processes the record.</summary>
    public TaskId Task { get; }

    /// <summary>The partition that the record was read from.</summary>
    public TopicPartition Source { get; }

    /// <summary>The record's offset there.</summary>
    public long Offset { get; private set; }

    /// <summary>The record's time, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>The record's time.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>Whether the record has a key.</summary>
    public bool HasKey { get; private set; }

    /// <summary>Whether the record has a value. Kafka calls a record without a value a tombstone.</summary>
    public bool HasValue { get; private set; }

    /// <summary>The record's key; empty if it has none.</summary>
    public ReadOnlyMemory<byte> Key { get; private set; }

    /// <summary>The number of this attempt, from 1.</summary>
    public int Attempt { get; internal set; }

    /// <summary>The number of times that the record was replayed from the dead letters; 0 if never.</summary>
    public int Replays => _replay?.Replays ?? 0;

    /// <summary>The record's headers, without those that a replay put before them. Each access reads them again.</summary>
    public IReadOnlyList<Header> Headers
    {
        get
        {
            var headers = Record.ReadHeaders(_records, _headersStart);
            return _replay is null ? headers : [.. headers.Skip(ReplayMark.Headers)];
        }
    }

    /// <summary>
    /// The trace that the record belongs to, by its header <c>traceparent</c>; null if it carries none. To continue the trace, pass
    /// it to an activity as the parent. Topic sinks and dead letters copy the header automatically.
    /// </summary>
    public ActivityContext? TraceContext => _hasHeaders ? TraceHeaders.Read(_records, _headersStart) : null;

    internal string Step
    {
        get;
        set
        {
            field = value;
            Timing?.Enter(value);
        }
    }

    = "";

    /// <summary>Times the steps of the record; null if they are not timed.</summary>
    internal StepTiming? Timing { get; set; }

    internal ReadOnlyMemory<byte> Value { get; private set; }


    /// <summary>Moves to another record.</summary>
    /// <returns>Whether the task must process it: false for a record replayed for another task, because this task has had it.</returns>
    internal bool MoveTo(in Record record, ReadOnlyMemory<byte> records)
    {
        Timing?.Leave();
        Timing = null;
        Offset = record.Offset;
        TimestampMs = record.Timestamp;
        HasKey = record.HasKey;
        Key = record.Key;
        HasValue = record.HasValue;
        Value = record.Value;
        _records = records;
        _headersStart = record.HeadersStart;
        Attempt = 1;
        _hasHeaders = record.HasHeaders;
        _replay = _hasHeaders ? ReplayMark.Read(record) : null;
        return _replay is null || _replay.IsFor(Task);
    }
}
