using System.Runtime.CompilerServices;
using Orleans.Pipeline.Client.Consuming;

namespace Orleans.Pipeline.Client;

/// <summary>
/// Reads the records of a topic, or of some of its partitions, from the start, the end, an offset, a time or saved positions. Records of a
/// partition arrive in order, without gaps or repeats, even when the log, its gateways or the network fail.
/// </summary>
/// <remarks>
/// <para>
/// The consumer reads ahead in the background, up to <see cref="ConsumerSettings.PrefetchBytes"/>. All partitions get their share of a
/// read, even if one of them holds much more than the others.
/// </para>
/// <para>
/// The log keeps no positions of consumers. Save <see cref="Positions"/> together with your results, and start from them the next time
/// (<see cref="ConsumeFrom.Positions"/>).
/// </para>
/// <para>One enumeration runs at a time. The next one continues where the last one ended.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var consumer = client.CreateConsumer("orders");
/// await foreach (var record in consumer.ReadAsync(cancellationToken))
/// {
///     Console.WriteLine($"{record}: {record.KeyText} = {record.ValueText}");
/// }
/// </code>
/// </example>
public sealed class Consumer : IAsyncDisposable
{
    private readonly ConsumerContext _context;
    private readonly ConsumerProgress _progress;
    private readonly CancellationTokenSource _disposal = new();
    private readonly bool _isInline;
    private readonly Lock _sync = new();
    private Task? _running;

    /// <summary>Creates a consumer on a log. It contacts the log at its first read.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer(ITopicLog log, TopicName topic, ConsumerSettings? settings = null)
        : this(log, topic, settings ?? new ConsumerSettings(), isInline: false)
    {
    }

    /// <param name="log">The log.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="isInline">Whether all work runs on the threads that call and answer, instead of the thread pool.</param>
    internal Consumer(ITopicLog log, TopicName topic, ConsumerSettings settings, bool isInline)
    {
        ArgumentNullException.ThrowIfNull(log);
        settings.Validate();
        _context = new(log, topic, settings);
        _progress = new(settings.From.Saved);
        _isInline = isInline;
    }

    /// <summary>
    /// Raised on the thread pool each time a request fails. The consumer waits and retries by itself. Handlers must return quickly and
    /// must not throw.
    /// </summary>
    public event Action<ConsumerRetry>? Retrying
    {
        add => _context.OnRetrying += value;
        remove => _context.OnRetrying -= value;
    }

    /// <summary>
    /// Raised on the thread pool when retention removed unread records and the consumer skips them (<see cref="WhenOvertaken.GoOn"/>).
    /// Handlers must return quickly and must not throw.
    /// </summary>
    public event Action<LostRecords>? Lost
    {
        add => _context.OnLost += value;
        remove => _context.OnLost -= value;
    }

    /// <summary>Gets the topic.</summary>
    public TopicName Topic => _context.Topic;

    /// <summary>
    /// Gets the positions after the record or batch returned last; save them when you have processed it. Before the first read has found
    /// its starting point, they are the saved positions that the consumer was created with, or none.
    /// </summary>
    public ConsumerPositions Positions => new(_progress.Reached) { TopicId = _context.TopicId };

    /// <summary>Reads record by record.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>
    /// The records. The sequence has no end unless <see cref="ConsumerSettings.StopAtEnd"/> is set; leave the loop to stop reading.
    /// </returns>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="UnknownPartitionException">The topic has no such partition.</exception>
    /// <exception cref="OffsetOutOfRangeException">The offset or position to start from is above the end.</exception>
    /// <exception cref="TopicReplacedException">
    /// The topic was deleted and created again since the positions were saved, or since the enumeration began.
    /// </exception>
    /// <exception cref="RecordsLostException">
    /// Retention removed unread records, and <see cref="ConsumerSettings.WhenOvertaken"/> is <see cref="WhenOvertaken.Fail"/>.
    /// </exception>
    /// <exception cref="AccessDeniedException">The client may not read the topic.</exception>
    /// <exception cref="StoreUnavailableException">The log was unavailable for <see cref="ConsumerSettings.RetryTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">Another enumeration of this consumer is running.</exception>
    /// <exception cref="ObjectDisposedException">The consumer is disposed.</exception>
    public async IAsyncEnumerable<ConsumerRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in FetchAsync(cancellationToken).ConfigureAwait(false))
        {
            var progress = _progress.Of(batch.Partition.Partition);
            foreach (var record in batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress.Next = record.Offset + 1;
                yield return record;
            }
        }
    }

    /// <summary>Reads batch by batch. Use it to process and save many records of a partition at once.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>As <see cref="ReadAsync"/>, which also lists the exceptions.</returns>
    public async IAsyncEnumerable<ConsumerBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in FetchAsync(cancellationToken).ConfigureAwait(false))
        {
            _progress.Of(batch.Partition.Partition).Next = batch.NextOffset;
            yield return batch;
        }
    }

    /// <summary>Gets the number of records between the consumer's positions and the ends of its partitions.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The number of records; 0 before the first read has found its starting point.</returns>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    public async ValueTask<long> GetLagAsync(CancellationToken cancellationToken = default) =>
        _progress.LagBehind(
            await _context.Log.GetTopicBoundsAsync(Topic, cancellationToken).ConfigureAwait(false), _context.Settings.Partitions);

    /// <summary>
    /// Ends a running enumeration, which then throws <see cref="ObjectDisposedException"/>, and waits until reading has stopped.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _disposal.Cancel();
        Task? running;
        lock (_sync)
        {
            running = _running;
        }

        await (running ?? Task.CompletedTask).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<ConsumerBatch> FetchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal.Token);
        var prefetch = new Prefetch(_context, _progress, _isInline);
        var running = Start(prefetch, stop.Token);
        try
        {
            while (await MoveOnAsync(prefetch, cancellationToken).ConfigureAwait(false))
            {
                while (!stop.IsCancellationRequested && prefetch.Batches.TryRead(out var fetched))
                {
                    var batch = ConsumerBatch.Open(new(Topic, fetched.Partition), fetched.Batch, fetched.From, fetched.Stop);
                    prefetch.Release(fetched);
                    if (batch.Count > 0)
                    {
                        _context.Telemetry.NoteConsumed(batch.Count);
                        yield return batch;
                    }
                }
            }
        }
        finally
        {
            stop.Cancel();
            await running.ConfigureAwait(false);
            End();
        }
    }

    /// <summary>Waits for a batch.</summary>
    /// <returns>Whether there is a batch; false at the end.</returns>
    private async ValueTask<bool> MoveOnAsync(Prefetch prefetch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await prefetch.Batches.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested && !cancellationToken.IsCancellationRequested, this);
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private Task Start(Prefetch prefetch, CancellationToken stop)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
            if (_running is not null)
            {
                throw new InvalidOperationException(
                    $"This consumer of topic '{Topic}' already has a running enumeration. End that one first, or create another consumer.");
            }

            return _running = _isInline ? prefetch.RunAsync(stop) : Task.Run(() => prefetch.RunAsync(stop), CancellationToken.None);
        }
    }

    private void End()
    {
        lock (_sync)
        {
            _running = null;
        }
    }
}
