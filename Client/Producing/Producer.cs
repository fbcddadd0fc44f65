using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client;

/// <summary>
/// Sends records to a topic. The producer gathers records into batches, sends several batches at once, retries without duplicates, waits
/// when the log pushes back, and bounds its memory. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>Records sent in sequence with the same key, or to the same partition, keep their order, also when they are retried.</para>
/// <para>
/// A record whose send succeeded is in the log exactly once. If a batch fails for good, the batches behind it of the same
/// partition can no longer be appended under the producer's epoch without a gap. Like Kafka's producer, this one then
/// continues under the next epoch, but only with batches that are certainly not in the log. The others fail with
/// <see cref="DeliveryException.MayHaveBeenAppended"/>; each of them is in the log before anything sent later, or never. A producer with a
/// <see cref="ProducerSettings.Name"/> does not raise its epoch by itself, because that could fence its successor. All its further sends
/// fail; create a new producer.
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

    /// <summary>Creates a producer on a log. It contacts the log at its first send.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
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
    /// Raised on the thread pool each time the log pushes back an append. The producer waits and retries by itself. Handlers must return
    /// quickly and must not throw.
    /// </summary>
    public event Action<BackpressureException>? PushedBack
    {
        add => _context.OnPushedBack += value;
        remove => _context.OnPushedBack -= value;
    }

    /// <summary>Gets the topic.</summary>
    public TopicName Topic => _context.Topic;

    /// <summary>Gets the number of appends that the log has pushed back.</summary>
    public long PushedBackCount => _context.PushedBackCount;

    /// <summary>Gets the number of batches sent again.</summary>
    public long RetryCount => _context.RetryCount;

    /// <summary>Gets the bytes of records that are gathered or in flight.</summary>
    public long BufferedBytes => _context.Memory.UsedBytes;

    /// <summary>
    /// Opens the producer now instead of at its first send: the log assigns an identity and fences older producers of the same name.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting; the producer still opens.</param>
    /// <returns>The identity, with the epoch at opening.</returns>
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
    /// Stops waiting for room in memory; the record is then not sent. A record that is already buffered is still sent, and the task still
    /// waits for its acknowledgement.
    /// </param>
    /// <returns>The record's position, once the record is durable.</returns>
    /// <exception cref="InvalidRecordBatchException">
    /// The record is larger than <see cref="ProducerSettings.Limits"/> allow; thrown at once.
    /// </exception>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="UnknownPartitionException">The topic has no such partition.</exception>
    /// <exception cref="DeliveryException">
    /// The record was not acknowledged within the delivery timeout, or a batch before it failed.
    /// </exception>
    /// <exception cref="ProducerFencedException">A newer producer of the same name has taken over.</exception>
    /// <exception cref="AccessDeniedException">The client may not send to the topic; the producer does not retry.</exception>
    /// <exception cref="ObjectDisposedException">The producer is disposed; thrown at once.</exception>
    public ValueTask<SendResult> SendAsync(in ProducerRecord record, CancellationToken cancellationToken = default) =>
        SendAsync(record, isBorrowed: false, cancellationToken);

    /// <summary>Sends a record of bytes.</summary>
    /// <param name="key">The key; default memory is none.</param>
    /// <param name="value">The value; default memory is none.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    /// <returns>As <see cref="SendAsync(in ProducerRecord, CancellationToken)"/>, which also lists the exceptions.</returns>
    public ValueTask<SendResult> SendAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
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
    /// Buffers a record without waiting for its acknowledgement. The next <see cref="FlushAsync"/> reports a failure.
    /// </summary>
    /// <param name="record">The record; its memory may be used again when the task completes.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>A task that completes when the record is buffered: at once if there is room in memory.</returns>
    /// <exception cref="InvalidRecordBatchException">
    /// The record is larger than <see cref="ProducerSettings.Limits"/> allow; thrown at once.
    /// </exception>
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

    /// <summary>Sends all buffered records now and waits until each is durable or has failed.</summary>
    /// <param name="cancellationToken">Stops waiting; the records are still sent.</param>
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
    /// Accepts no more records, sends all buffered ones, and waits until each is durable or has failed: at most the delivery timeout, even
    /// if the log pushes back.
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

    /// <param name="record">The record.</param>
    /// <param name="isBorrowed">
    /// Whether the caller reuses the record's memory after the call. Such a record is copied if it has to wait for room.
    /// </param>
    /// <param name="cancellationToken">Stops waiting for room in memory.</param>
    internal ValueTask<SendResult> SendAsync(in ProducerRecord record, bool isBorrowed, CancellationToken cancellationToken) =>
        Activity.Current is { Recorded: true } activity
            ? PlaceOrWaitAsync(_context.Tracing.Add(record, activity), isBorrowed, cancellationToken)
            : PlaceOrWaitAsync(record, isBorrowed, cancellationToken);

    /// <param name="record">The record.</param>
    /// <param name="isBorrowed">
    /// Whether the caller reuses the record's memory after the call. Such a record is copied if it has to wait for room.
    /// </param>
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
