using System.Diagnostics;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>The state of a batch that has a sequence.</summary>
internal enum BatchState
{
    /// <summary>To be sent as soon as the batches before it are in flight.</summary>
    Ready,

    /// <summary>An append is in flight.</summary>
    Sending,

    /// <summary>To be sent again at <see cref="ProducerBatch.RetryAt"/>.</summary>
    BackingOff,

    /// <summary>Refused as a gap in the sequence, so not in the log. The batch waits for the batches before it.</summary>
    Held,

    /// <summary>In the log.</summary>
    Appended,
}

/// <summary>
/// A batch of records for one partition, from its first record to the log's answer. The lock of the partition's sender guards it.
/// </summary>
internal sealed class ProducerBatch(RecordBatchBuilder builder, BatchCompletion completion, TimeSpan dueAt, TimeSpan deadline)
{
    private readonly CancellationTokenSource _stop = new();
    private bool _hasLostAnswer;
    private long _baseOffset;
    private bool _isReported;

    /// <summary>The records. The batch that is sent uses the same memory.</summary>
    public RecordBatchBuilder Builder { get; } = builder;

    public BatchCompletion Completion { get; } = completion;

    /// <summary>The time at which the linger ends.</summary>
    public TimeSpan DueAt { get; } = dueAt;

    /// <summary>The time at which the batch fails, as <see cref="PartitionClock.Counted"/> time.</summary>
    public TimeSpan Deadline { get; } = deadline;

    /// <summary>Cancelled when the batch fails, to stop an append that is no longer needed.</summary>
    public CancellationToken StopToken => _stop.Token;

    public int Count { get; private set; }

    public long ReservedBytes { get; private set; }

    /// <summary>The number of enqueued records, whose failure a flush reports.</summary>
    public int EnqueuedRecords { get; private set; }

    public BatchState State { get; set; }

    /// <summary>Whether every earlier batch was acknowledged or had failed when this one was last sent.</summary>
    public bool IsSentAsHead { get; set; }

    public int Sequence { get; private set; }

    /// <summary>The batch as it is sent; empty before <see cref="Seal"/>.</summary>
    public RecordBatch Bytes { get; private set; }

    public TimeSpan RetryAt { get; private set; }

    /// <summary>The number of appends that ended without a definite answer.</summary>
    public int LostAnswers { get; private set; }

    /// <summary>Whether the batch may be in the log without an acknowledgement.</summary>
    public bool IsUncertain => State == BatchState.Sending || _hasLostAnswer;

    public Exception? LastError { get; private set; }

    public bool IsResolved { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Whether the memory can be reused: only if no abandoned append might still read it.</summary>
    public bool IsReusable => Failure is null && LostAnswers == 0;

    public List<ActivityContext>? Traces { get; private set; }

    public Activity? Span { get; set; }

    public int Sends { get; private set; }

    /// <summary>The time of the first send.</summary>
    public TimeSpan SentAt { get; private set; }

    public void NoteTrace(in ActivityContext trace)
    {
        Traces ??= [];
        if (Traces.Count < TraceLinks.Most && !Traces.Contains(trace))
        {
            Traces.Add(trace);
        }
    }

    /// <returns>The number of sends so far.</returns>
    public int NoteSend(TimeSpan now)
    {
        SentAt = Sends == 0 ? now : SentAt;
        return ++Sends;
    }

    /// <returns>The record's place in the batch.</returns>
    public int Append(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        long timestamp,
        IReadOnlyList<Header>? headers,
        int reservedBytes,
        bool isEnqueued)
    {
        Builder.Append(key, value, timestamp, headers);
        ReservedBytes += reservedBytes;
        EnqueuedRecords += isEnqueued ? 1 : 0;
        return Count++;
    }

    /// <summary>Assigns a sequence to the batch. Lost answers of earlier sends no longer make it uncertain.</summary>
    public void Number(int sequence)
    {
        Sequence = sequence;
        State = BatchState.Ready;
        Bytes = default;
        _hasLostAnswer = false;
    }

    /// <summary>Builds the bytes to send, which stay the same under one identity and sequence.</summary>
    public void Seal(ProducerIdentity identity, Compression compression)
    {
        if (Bytes.Bytes.IsEmpty)
        {
            Bytes = Builder.BuildInPlace(identity.Id, identity.Epoch, Sequence, compression);
        }
    }

    public void Defer(Exception error, TimeSpan until) => (LastError, RetryAt, State) = (error, until, BatchState.BackingOff);

    public void LoseAnswer()
    {
        LostAnswers++;
        _hasLostAnswer = true;
    }

    public void Succeed(long baseOffset) => (_baseOffset, IsResolved) = (baseOffset, true);

    public void Fail(Exception failure) => (Failure, IsResolved) = (failure, true);

    /// <summary>Returns whether to report the batch now: true once.</summary>
    public bool TryReport() => !_isReported && (_isReported = true);

    /// <summary>Completes the sends of the records, outside the lock.</summary>
    public void Complete()
    {
        if (Failure is { } failure)
        {
            _stop.Cancel();
            Completion.Fail(failure);
        }
        else
        {
            Completion.Succeed(_baseOffset);
        }

        _stop.Dispose();
    }
}
