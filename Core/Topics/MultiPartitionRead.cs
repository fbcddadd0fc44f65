namespace Orleans.Pipeline.Topics;

/// <summary>Reads several partitions of any log at once, or waits for the first append to one of them.</summary>
internal sealed class MultiPartitionRead
{
    /// <summary>2^64 divided by the golden ratio. Its multiples spread evenly, whatever the step between them.</summary>
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private readonly ITopicLog _log;
    private readonly TopicName _topic;
    private readonly IReadOnlyList<PartitionOffset> _positions;
    private readonly int _maximumBytes;

    /// <exception cref="ArgumentException">There is no position.</exception>
    public MultiPartitionRead(ITopicLog log, TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes)
    {
        ThrowIfNone(topic, positions);
        (_log, _topic, _positions, _maximumBytes) = (log, topic, positions, maximumBytes);
    }

    public static void ThrowIfNone(TopicName topic, IReadOnlyList<PartitionOffset> positions)
    {
        if (positions.Count == 0)
        {
            throw new ArgumentException($"A read of topic '{topic}' names no partition. Give one or more.", nameof(positions));
        }
    }

    public async ValueTask<IReadOnlyList<PartitionRead>> ReadAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var ahead = Ahead(await _log.GetTopicBoundsAsync(_topic, cancellationToken).ConfigureAwait(false));
        if (ahead.Count > 0)
        {
            return await ReadNowAsync(ahead, cancellationToken).ConfigureAwait(false);
        }

        return wait == TimeSpan.Zero ? [] : await RaceAsync(wait, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks every position and returns those that have records after them.</summary>
    private List<PartitionOffset> Ahead(IReadOnlyList<PartitionBounds> bounds)
    {
        var ahead = new List<PartitionOffset>(_positions.Count);
        foreach (var position in InTurn())
        {
            var partition = new TopicPartition(_topic, position.Partition);
            if (position.Partition < 0 || position.Partition >= bounds.Count)
            {
                throw new UnknownPartitionException(partition, bounds.Count);
            }

            var held = bounds[position.Partition];
            if (position.Offset < held.Start || position.Offset > held.End)
            {
                throw new OffsetOutOfRangeException(partition, position.Offset, held.Start, held.End);
            }

            if (position.Offset < held.End)
            {
                ahead.Add(position);
            }
        }

        return ahead;
    }

    /// <summary>
    /// Returns the positions in turn. The first one changes whenever their offsets have changed, so that no partition is always the last
    /// to get a share.
    /// </summary>
    private IEnumerable<PartitionOffset> InTurn()
    {
        var moved = 0UL;
        foreach (var position in _positions)
        {
            moved = unchecked(moved + (ulong)position.Offset);
        }

        var first = (int)Math.BigMul(unchecked(moved * GoldenRatio), (ulong)_positions.Count, out _);
        return _positions.Skip(first).Concat(_positions.Take(first));
    }

    /// <summary>Reads the partitions one after another. Each gets an equal share of the bytes that are still left.</summary>
    private async ValueTask<IReadOnlyList<PartitionRead>> ReadNowAsync(List<PartitionOffset> ahead, CancellationToken cancellationToken)
    {
        var reads = new List<PartitionRead>(ahead.Count);
        var left = _maximumBytes;
        for (var index = 0; index < ahead.Count && (left > 0 || reads.Count == 0); index++)
        {
            var share = Math.Max(1, left / (ahead.Count - index));
            var (partition, offset) = ahead[index];
            var batches = await _log.ReadAsync(new(_topic, partition), offset, share, TimeSpan.Zero, cancellationToken)
                .ConfigureAwait(false);
            left = Add(reads, new(partition, batches), left);
        }

        return reads;
    }

    /// <summary>
    /// Waits on all partitions. The first append to one of them ends the waits on the others. The read drops batches beyond the bytes
    /// asked for: a read changes nothing, so the next read returns them.
    /// </summary>
    private async ValueTask<IReadOnlyList<PartitionRead>> RaceAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var share = Math.Max(1, _maximumBytes / _positions.Count);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reads = new List<PartitionRead>(_positions.Count);
        var left = _maximumBytes;
        foreach (var read in await Task.WhenAll(InTurn().Select(RunAsync)).ConfigureAwait(false))
        {
            left = Add(reads, read, left);
        }

        return reads;

        async Task<PartitionRead> RunAsync(PartitionOffset position)
        {
            var (partition, offset) = position;
            try
            {
                var batches = await _log.ReadAsync(new(_topic, partition), offset, share, wait, over.Token).ConfigureAwait(false);
                if (batches.Count > 0)
                {
                    await over.CancelAsync().ConfigureAwait(false);
                }

                return new(partition, batches);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return new(partition, []);
            }
            catch
            {
                await over.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Adds the batches that fit into the bytes left. The first batch of all is added whatever its size.</summary>
    /// <returns>The bytes left; 0 once a batch had no room.</returns>
    private static int Add(List<PartitionRead> reads, PartitionRead read, int left)
    {
        var fitting = new List<RecordBatch>(read.Batches.Count);
        foreach (var batch in read.Batches)
        {
            if (batch.Bytes.Length > left && (reads.Count > 0 || fitting.Count > 0))
            {
                left = 0;
                break;
            }

            fitting.Add(batch);
            left = Math.Max(0, left - batch.Bytes.Length);
        }

        if (fitting.Count > 0)
        {
            reads.Add(read with { Batches = fitting });
        }

        return left;
    }
}
