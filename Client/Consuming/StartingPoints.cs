namespace Orleans.Pipeline.Client.Consuming;

/// <summary>Finds where reading begins and stops in each partition.</summary>
internal sealed class StartingPoints(ConsumerContext context)
{
    private readonly ConsumerSettings _settings = context.Settings;

    /// <param name="reached">
    /// The next offsets of partitions that were read before, by this consumer or one whose positions were saved.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="TopicReplacedException">The saved positions are of a topic that was deleted and created again.</exception>
    /// <exception cref="OffsetOutOfRangeException">Reading ends at the end, and a starting point is beyond it.</exception>
    /// <exception cref="UnknownPartitionException">The settings name a partition that the topic does not have.</exception>
    public async ValueTask<List<PartitionCursor>> FindAsync(IReadOnlyDictionary<int, long> reached, CancellationToken cancellationToken)
    {
        var topic = await context.AskAsync(token => context.Log.FindTopicAsync(context.Topic, token), cancellationToken)
            .ConfigureAwait(false) ?? throw new UnknownTopicException(context.Topic);
        TopicReplacedException.ThrowIfReplaced(topic, context.TopicId);
        context.TopicId = topic.Id == Guid.Empty ? context.TopicId : topic.Id;
        var bounds = await context.AskAsync(token => context.Log.GetTopicBoundsAsync(context.Topic, token), cancellationToken)
            .ConfigureAwait(false);
        var partitions = _settings.Partitions ?? [.. Enumerable.Range(0, bounds.Count)];
        foreach (var partition in partitions.Concat(reached.Keys).Where(partition => partition >= bounds.Count))
        {
            throw new UnknownPartitionException(new(context.Topic, partition), bounds.Count);
        }

        var cursors = new List<PartitionCursor>(partitions.Count);
        foreach (var partition in partitions)
        {
            var cursor = await FindAsync(partition, bounds[partition], reached, cancellationToken).ConfigureAwait(false);
            if (_settings.StopAtEnd && cursor.Next > bounds[partition].End)
            {
                // Without this check no read would find the fault, and the partition would seem to be finished.
                throw new OffsetOutOfRangeException(
                    new(context.Topic, partition), cursor.Next, bounds[partition].Start, bounds[partition].End);
            }

            cursors.Add(cursor);
        }

        return cursors;
    }

    private async ValueTask<PartitionCursor> FindAsync(
        int partition, PartitionBounds bounds, IReadOnlyDictionary<int, long> reached, CancellationToken cancellationToken)
    {
        var stop = _settings.StopAtEnd ? bounds.End : long.MaxValue;
        if (reached.TryGetValue(partition, out var next))
        {
            return new(partition, next) { Stop = stop };
        }

        switch (_settings.From.Kind)
        {
            case StartKind.End:
                return new(partition, bounds.End) { Stop = stop };
            case StartKind.Offset:
                return new(partition, _settings.From.FixedOffset) { Stop = stop };
            case StartKind.Time:
                var found = await FindAsync(new(context.Topic, partition), _settings.From.At, bounds.End, cancellationToken)
                    .ConfigureAwait(false);
                return new(partition, found) { Stop = stop, IsFloating = found < bounds.End };
            default:
                return new(partition, bounds.Start) { Stop = stop, IsFloating = true };
        }
    }

    /// <summary>
    /// Finds the first record that is not older than a time, in the batch that the log finds. A position is therefore always an offset, and
    /// can be saved before anything was read.
    /// </summary>
    private ValueTask<long> FindAsync(TopicPartition partition, DateTimeOffset time, long end, CancellationToken cancellationToken) =>
        context.AskAsync(
            async token =>
            {
                var offset = await context.Log.FindOffsetAsync(partition, time, token).ConfigureAwait(false);
                return offset < end ? await FindWithinAsync(partition, offset, time, token).ConfigureAwait(false) : end;
            },
            cancellationToken);

    private async ValueTask<long> FindWithinAsync(
        TopicPartition partition, long offset, DateTimeOffset time, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var batch in await context.Log.ReadAsync(partition, offset, maximumBytes: 1, wait: TimeSpan.Zero, cancellationToken)
                .ConfigureAwait(false))
            {
                foreach (var record in batch.Decompress())
                {
                    if (DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp) >= time)
                    {
                        return record.Offset;
                    }
                }
            }

            return offset;
        }
        catch (OffsetOutOfRangeException removed) when (offset < removed.Start)
        {
            return removed.Start;
        }
    }
}
