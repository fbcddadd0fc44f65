using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client;

/// <summary>
/// Sends records to a topic: gathers them into batches, sends several at once, retries without doubling anything, waits when the
/// log pushes back, and bounds its own memory. Safe to use from many threads at once.
/// </summary>
/// <remarks>
/// <para>Records sent one after the other with the same key, or to the same partition, keep their order, over retries too.</para>
/// <para>
/// A record whose send succeeded is in the log exactly once. If a batch fails for good, the batches behind it of the same
/// partition can no longer be appended under the producer's epoch without a gap. As Kafka's producer does, this one then goes
/// on under the next epoch, with those batches only of which it is certain that they are not in the log; the others fail with
/// <see cref="DeliveryException.MayHaveBeenAppended"/>. They are in the log before what is sent later, or never. A producer with a
/// <see cref="ProducerSettings.Name"/> does not raise its epoch by itself, because it could fence its own successor: it fails all
/// further sends, and has to be created again.
/// </para>
/// </remarks>
public sealed partial class Producer : IAsyncDisposable
{
    private readonly ProducerContext _context;
    private readonly Lock _sync = new();
    private volatile PartitionSenders? _senders;
    private volatile Exception? _startFailure;
    private bool _isStarting;
    private Task? _disposal;

    /// <summary>Creates a producer on a log; nothing is asked of the log before the first send.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="settings">How to gather, retry and bound; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer(ITopicLog log, TopicName topic, ProducerSettings? settings = null)
        : this(log, topic, settings ?? new ProducerSettings(), static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false))
    {
    }

    internal Producer(ITopicLog log, TopicName topic, ProducerSettings settings, Action<IThreadPoolWorkItem> schedule)
    {
        ArgumentNullException.ThrowIfNull(log);
        settings.Validate();
        _context = new(log, topic, settings, schedule, Place, flushNow: () => _senders?.FlushNow());
    }

    /// <summary>
    /// Raised, on a thread of the pool, each time the log pushes an append back; the producer waits and tries again by itself.
    /// Handlers must return soon and not throw.
    /// </summary>
    public event Action<BackpressureException>? PushedBack
    {
        add => _context.OnPushedBack += value;
        remove => _context.OnPushedBack -= value;
    }

    /// <summary>The topic it sends to.</summary>
    public TopicName Topic => _context.Topic;

    /// <summary>How many appends the log pushed back so far.</summary>
    public long PushedBackCount => _context.PushedBackCount;

    /// <summary>How many times a batch was sent again so far.</summary>
    public long RetryCount => _context.RetryCount;

    /// <summary>Bytes of records that are gathered or in flight now.</summary>
    public long BufferedBytes => _context.Memory.UsedBytes;

    /// <summary>Opens the producer now, rather than with its first send: its identity is the log's, and older producers of its name are fenced.</summary>
    /// <param name="cancellationToken">Stops waiting; the producer is opened all the same.</param>
    /// <returns>The identity; the epoch is that of the opening.</returns>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="DeliveryException">The log could not be reached within the delivery timeout.</exception>
    /// <exception cref="ObjectDisposedException">The producer is disposed.</exception>
    public async ValueTask<ProducerIdentity> OpenAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_context.IsClosing, this);
        if (_senders is null)
        {
            var mark = new WaitingRecord(record: null, bytes: 0, isEnqueued: false, _context.Schedule);
            _context.Memory.Join(mark);
            StartOnce();
            await mark.EnteredAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_senders is null)
        {
            ExceptionDispatchInfo.Throw(_startFailure!);
        }

        return _senders!.Identity;
    }

    /// <summary>Sends a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">
    /// Stops waiting for room in memory; the record is then not sent. Once it is buffered, it is sent and waited for all the same.
    /// </param>
    /// <returns>Where it is in the log, when it is durable.</returns>
    /// <exception cref="InvalidRecordBatchException">The record is larger than <see cref="ProducerSettings.Limits"/> allow; thrown at once.</exception>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="UnknownPartitionException">The topic has no such partition.</exception>
    /// <exception cref="DeliveryException">It was not acknowledged within the delivery timeout, or cannot be any more.</exception>
    /// <exception cref="ProducerFencedException">A newer producer of the same name has taken over.</exception>
    /// <exception cref="AccessDeniedException">The client may not send to the topic; not tried again.</exception>
    /// <exception cref="ObjectDisposedException">The producer is disposed; thrown at once.</exception>
    public ValueTask<SendResult> SendAsync(in ProducerRecord record, CancellationToken cancellationToken = default) =>
        SendAsync(record, isBorrowed: false, cancellationToken);

    /// <summary>Sends a record of bytes.</summary>
    /// <param name="key">The key; default memory is none.</param>
    /// <param name="value">The value; default memory is none.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    /// <returns>As <see cref="SendAsync(in ProducerRecord, CancellationToken)"/>, which also lists the exceptions.</returns>
    public ValueTask<SendResult> SendAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        SendAsync(new ProducerRecord { Key = key, Value = value }, cancellationToken);

    /// <summary>Sends a record of text, in UTF-8.</summary>
    /// <param name="key">The key, or null for none.</param>
    /// <param name="value">The value, or null for none.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    /// <returns>As <see cref="SendAsync(in ProducerRecord, CancellationToken)"/>, which also lists the exceptions.</returns>
    public ValueTask<SendResult> SendAsync(string? key, string? value, CancellationToken cancellationToken = default)
    {
        using var text = new BorrowedText(key, value);
        return SendAsync(text.Record, isBorrowed: true, cancellationToken);
    }

    /// <summary>
    /// Buffers a record to be sent, for which nobody waits: its failure is reported by the next <see cref="FlushAsync"/>.
    /// </summary>
    /// <param name="record">The record; its memory may be used again when the task completes.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>A task that completes when the record is buffered: mostly at once, or when there is room in memory.</returns>
    /// <exception cref="InvalidRecordBatchException">The record is larger than <see cref="ProducerSettings.Limits"/> allow; thrown at once.</exception>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="UnknownPartitionException">The topic has no such partition.</exception>
    /// <exception cref="DeliveryException">The log could not be reached within the delivery timeout.</exception>
    /// <exception cref="ObjectDisposedException">The producer is disposed; thrown at once.</exception>
    public ValueTask EnqueueAsync(in ProducerRecord record, CancellationToken cancellationToken = default) =>
        EnqueueAsync(record, isBorrowed: false, cancellationToken);

    /// <summary>Buffers a record of bytes to be sent.</summary>
    /// <param name="key">The key; default memory is none.</param>
    /// <param name="value">The value; default memory is none.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    /// <returns>As <see cref="EnqueueAsync(in ProducerRecord, CancellationToken)"/>, which also lists the exceptions.</returns>
    public ValueTask EnqueueAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        EnqueueAsync(new ProducerRecord { Key = key, Value = value }, cancellationToken);

    /// <summary>Buffers a record of text, in UTF-8, to be sent.</summary>
    /// <param name="key">The key, or null for none.</param>
    /// <param name="value">The value, or null for none.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    /// <returns>As <see cref="EnqueueAsync(in ProducerRecord, CancellationToken)"/>, which also lists the exceptions.</returns>
    public ValueTask EnqueueAsync(string? key, string? value, CancellationToken cancellationToken = default)
    {
        using var text = new BorrowedText(key, value);
        return EnqueueAsync(text.Record, isBorrowed: true, cancellationToken);
    }

    /// <summary>Sends now what was sent or enqueued before, and waits until each record is durable or has failed.</summary>
    /// <param name="cancellationToken">Stops waiting; the records are sent all the same.</param>
    /// <exception cref="FlushException">Enqueued records failed; each is reported once.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var mark = new WaitingRecord(record: null, bytes: 0, isEnqueued: false, _context.Schedule);
        if (_context.Memory.TryJoinBehindOthers(mark))
        {
            await mark.EnteredAsync(cancellationToken).ConfigureAwait(false);
        }

        await (_senders?.ResolveAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        _context.Failures.ThrowIfAny();
    }

    /// <summary>
    /// Takes no more records, sends what is buffered, and waits until each record is durable or has failed: at most the delivery
    /// timeout, even if the log pushes back.
    /// </summary>
    /// <exception cref="FlushException">Enqueued records failed that no flush reported.</exception>
    public ValueTask DisposeAsync()
    {
        _context.IsClosing = true;
        lock (_sync)
        {
            return new(_disposal ??= CloseAsync());
        }
    }

    /// <summary>Sends a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isBorrowed">Whether its memory is used again when this returns, so that it is copied if it has to wait for room.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    internal ValueTask<SendResult> SendAsync(in ProducerRecord record, bool isBorrowed, CancellationToken cancellationToken) =>
        Activity.Current is { Recorded: true } activity
            ? PlaceOrWaitAsync(_context.Tracing.Add(record, activity), isBorrowed, cancellationToken)
            : PlaceOrWaitAsync(record, isBorrowed, cancellationToken);

    /// <summary>Buffers a record to be sent, for which nobody waits.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isBorrowed">Whether its memory is used again when this returns, so that it is copied if it has to wait for room.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    internal ValueTask EnqueueAsync(in ProducerRecord record, bool isBorrowed, CancellationToken cancellationToken) =>
        Activity.Current is { Recorded: true } activity
            ? PlaceEnqueuedAsync(_context.Tracing.Add(record, activity), isBorrowed, cancellationToken)
            : PlaceEnqueuedAsync(record, isBorrowed, cancellationToken);

    private async Task CloseAsync()
    {
        try
        {
            await FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            if (_senders is { } senders)
            {
                senders.Close();
                await senders.ResolveAsync(CancellationToken.None).ConfigureAwait(false);
                senders.Dispose();
            }
        }
    }
}
