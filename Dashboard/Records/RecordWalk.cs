namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>The state of a walk over partitions: the records of each that are not read yet.</summary>
/// <param name="Query">The query.</param>
/// <param name="Left">The offsets to read, by partition. The second offset is exclusive.</param>
internal sealed record RecordWalk(RecordQuery Query, IReadOnlyDictionary<int, (long From, long To)> Left)
{
    public long Records => Left.Values.Sum(range => range.To - range.From);

    /// <summary>Begins a walk over the records that the topic holds now.</summary>
    /// <exception cref="OffsetOutOfRangeException">The offset of the query is not in the partition.</exception>
    public static async Task<RecordWalk> BeginAsync(
        ITopicStore store, TopicName topic, RecordQuery query, CancellationToken cancellationToken)
    {
        var bounds = await store.GetTopicBoundsAsync(topic, cancellationToken);
        var left = new Dictionary<int, (long From, long To)>();
        for (var partition = 0; partition < bounds.Count; partition++)
        {
            if (query.Partition is null || query.Partition == partition)
            {
                var from = await StartAsync(store, new TopicPartition(topic, partition), bounds[partition], query, cancellationToken);
                left.Add(partition, (from, bounds[partition].End));
            }
        }

        return new RecordWalk(query, left);
    }

    private static async ValueTask<long> StartAsync(
        ITopicStore store, TopicPartition partition, PartitionBounds bounds, RecordQuery query, CancellationToken cancellationToken) =>
        query switch
        {
            { Place: RecordPlace.Offset, Offset: { } offset } => offset >= bounds.Start && offset <= bounds.End
                ? offset
                : throw new OffsetOutOfRangeException(partition, offset, bounds.Start, bounds.End),
            { Place: RecordPlace.Time, Time: { } time } => await store.FindOffsetAsync(partition, time, cancellationToken),
            _ => bounds.Start,
        };
}
