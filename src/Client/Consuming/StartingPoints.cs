using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Client;

/// <summary>Finds out where each partition is to be read from, and up to where.</summary>
internal sealed class StartingPoints(ConsumerContext context)
{
    private readonly ConsumerSettings _settings = context.Settings;

    /// <summary>Finds where to begin.</summary>
    /// <param name="reached">How far partitions were handed out before; they go on from there.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">The settings name a partition that the topic does not have.</exception>
    public async ValueTask<List<PartitionCursor>> FindAsync(IReadOnlyDictionary<int, long> reached, CancellationToken cancellationToken)
    {
        var bounds = await context.AskAsync(token => context.Log.TopicBoundsAsync(context.Topic, token), cancellationToken).ConfigureAwait(false);
        var partitions = _settings.Partitions ?? [.. Enumerable.Range(0, bounds.Count)];
        foreach (var partition in partitions.Concat(_settings.From.Saved?.Offsets.Keys ?? []).Where(partition => partition >= bounds.Count))
        {
            throw new UnknownPartitionException(new(context.Topic, partition), bounds.Count);
        }

        var cursors = new List<PartitionCursor>(partitions.Count);
        foreach (var partition in partitions)
        {
            var cursor = await FindAsync(partition, bounds[partition], reached, cancellationToken).ConfigureAwait(false);
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
            case StartKind.Positions when _settings.From.Saved!.Offsets.TryGetValue(partition, out var saved):
                return new(partition, saved) { Stop = stop };
            case StartKind.Time:
                var time = _settings.From.At;
                var found = await context.AskAsync(
                    token => context.Log.OffsetAtAsync(new(context.Topic, partition), time, token), cancellationToken).ConfigureAwait(false);
                return new(partition, found)
                {
                    Stop = stop,
                    IsFloating = true,
                    Since = found < bounds.End ? (long)Math.Ceiling((time - DateTimeOffset.UnixEpoch).TotalMilliseconds) : long.MinValue,
                };
            default:
                return new(partition, bounds.Start) { Stop = stop, IsFloating = true };
        }
    }
}
