using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Reading.Tailing;

/// <summary>The start of a tail, as requested.</summary>
/// <param name="LastEventId">The positions when the connection was lost. They take precedence over the rest.</param>
/// <param name="Positions">The positions to start from.</param>
/// <param name="From">The end, the start, or a time.</param>
/// <param name="Partitions">The partitions; none for all.</param>
internal sealed record TailStart(string? LastEventId, string? Positions, string? From, IReadOnlyList<int> Partitions)
{
    /// <summary>Finds the offsets to start from.</summary>
    /// <exception cref="InvalidRequestException">The request contradicts itself, or a value is malformed.</exception>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="UnknownPartitionException">One of the partitions does not exist.</exception>
    public async Task<TailPositions> FindAsync(ITopicStore store, TopicName topic, CancellationToken cancellationToken)
    {
        if (Positions is not null && (From is not null || Partitions.Count > 0))
        {
            throw new InvalidRequestException("'positions' already names the partitions and where to start. Leave out 'from' and "
                + "'partition', or 'positions'.");
        }

        var topicId = (await store.FindTopicAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic)).Id;
        return LastEventId is { Length: > 0 } id ? TailPositions.Parse(id, "Last-Event-ID").Of(topicId)
            : Positions is not null ? TailPositions.Parse(Positions, "positions").Of(topicId)
            : (await LookUpAsync(store, topic, cancellationToken)).Of(topicId);
    }

    private async Task<TailPositions> LookUpAsync(ITopicStore store, TopicName topic, CancellationToken cancellationToken)
    {
        var bounds = await store.GetTopicBoundsAsync(topic, cancellationToken);
        var positions = new List<PartitionOffset>();
        foreach (var partition in Partitions.Count > 0 ? Partitions.Distinct() : Enumerable.Range(0, bounds.Count))
        {
            if (partition < 0 || partition >= bounds.Count)
            {
                throw new UnknownPartitionException(new(topic, partition), bounds.Count);
            }

            positions.Add(new(partition, From switch
            {
                null or "end" => bounds[partition].End,
                "start" => bounds[partition].Start,
                _ => await store.FindOffsetAsync(new(topic, partition), RequestTime.Of(From, "from", "end, start, "), cancellationToken),
            }));
        }

        return new(positions);
    }
}
