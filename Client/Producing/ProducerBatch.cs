using System.Diagnostics;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>Where a batch stands between being closed and being resolved.</summary>
internal enum BatchState
{
    /// <summary>To be sent as soon as the batches before it are on their way.</summary>
    Ready,

    /// <summary>An append is under way.</summary>
    Sending,

    /// <summary>To be sent again at <see cref="ProducerBatch.RetryAt"/>.</summary>
    BackingOff,

    /// <summary>Refused as a gap in the sequence, so not in the log; waits for the batches before it.</summary>
    Held,

    /// <summary>In the log.</summary>
    Appended,
}

/// <summary>
/// Records for one partition, from the first that opened the batch to the answer of the log. The partition's sender guards it.
/// </summary>
internal sealed class ProducerBatch(RecordBatchBuilder builder, BatchCompletion completion, TimeSpan dueAt, TimeSpan deadline)
{
    /// <summary>The most traces that a batch is linked to, as OpenTelemetry's default limit has it.</summary>
    private const int MaximumTraces = 128;

    private readonly CancellationTokenSource _stop = new();
    private bool _hasLostAnswer;
    private long _baseOffset;
    private bool _isReported;

    /// <summary>The records; their memory is also that of the batch as it is sent.</summary>
    public RecordBatchBuilder Builder { get; } = builder;

    /// <summary>What the senders of its records wait for.</summary>
    public BatchCompletion Completion { get; } = completion;

    /// <summary>When its linger is over.</summary>
    public TimeSpan DueAt { get; } = dueAt;

    /// <summary>When it fails, as <see cref="PartitionClock.Counted"/> time.</summary>
    public TimeSpan Deadline { get; } = deadline;

    /// <summary>Cancelled when the batch fails, to stop an append that is of no use any more.</summary>
    public CancellationToken StopToken => _stop.Token;

    public int Count { get; private set; }

    /// <summary>Bytes that its records took of the producer's memory.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>Records that were enqueued, so whose failure a flush reports.</summary>
    public int EnqueuedRecords { get; private set; }

    public BatchState State { get; set; }

    /// <summary>Whether every batch before it was acknowledged, or had failed, when it was last sent.</summary>
    public bool IsSentAsHead { get; set; }

    public int Sequence { get; private set; }

    /// <summary>The batch as it is sent, once it has an identity and a sequence.</summary>
    public RecordBatch Bytes { get; private set; }

    public TimeSpan RetryAt { get; private set; }

    /// <summary>Appends that ended without a definite answer, so far.</summary>
    public int LostAnswers { get; private set; }

    /// <summary>Whether it may be in the log although no acknowledgement came.</summary>
    public bool IsUncertain => State == BatchState.Sending || _hasLostAnswer;

    public Exception? LastError { get; private set; }

    public bool IsResolved { get; private set; }

    /// <summary>Why it failed; null if it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether its memory can be used again: only if no append that might still read it was ever abandoned.</summary>
    public bool IsReusable => Failure is null && LostAnswers == 0;

    /// <summary>The traces of its records; null if they have none.</summary>
    public List<ActivityContext>? Traces { get; private set; }

    /// <summary>The span of the batch, from the first send on; null without a listener.</summary>
    public Activity? Span { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Sends { get; private set; }

    /// <summary>When it was sent first.</summary>
    public TimeSpan SentAt { get; private set; }

    /// <summary>Notes the trace of a record that comes in.</summary>
    public void NoteTrace(in ActivityContext trace)
    {
        Traces ??= [];
        if (Traces.Count < MaximumTraces && (Traces is not [.., var last] || last != trace))
        {
            Traces.Add(trace);
        }
    }

    /// <summary>Notes that it is sent.</summary>
    /// <returns>How often that is now.</returns>
    public int NoteSend(TimeSpan now)
    {
        SentAt = Sends == 0 ? now : SentAt;
        return ++Sends;
    }

    /// <summary>Takes in a record.</summary>
    /// <returns>Its place in the batch.</returns>
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

    /// <summary>Gives the batch its place in a producer's sequence; nothing sent before counts any more.</summary>
    public void Number(int sequence)
    {
        Sequence = sequence;
        State = BatchState.Ready;
        Bytes = default;
        _hasLostAnswer = false;
    }

    /// <summary>Makes the bytes to send, the same each time under one identity and sequence.</summary>
    public void Seal(ProducerIdentity identity, Compression compression)
    {
        if (Bytes.Bytes.IsEmpty)
        {
            Bytes = Builder.BuildInPlace(identity.Id, identity.Epoch, Sequence, compression);
        }
    }

    /// <summary>Notes that an append was refused for now; nothing was appended.</summary>
    public void Defer(Exception error, TimeSpan until) => (LastError, RetryAt, State) = (error, until, BatchState.BackingOff);

    /// <summary>Notes that the answer to an append was lost.</summary>
    public void LoseAnswer()
    {
        LostAnswers++;
        _hasLostAnswer = true;
    }

    public void Succeed(long baseOffset) => (_baseOffset, IsResolved) = (baseOffset, true);

    public void Fail(Exception failure) => (Failure, IsResolved) = (failure, true);

    /// <summary>Whether it is to be reported now: true once.</summary>
    public bool TryReport() => !_isReported && (_isReported = true);

    /// <summary>Tells the senders of its records, outside the lock.</summary>
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
