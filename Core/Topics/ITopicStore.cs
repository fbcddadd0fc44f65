namespace Orleans.Pipeline;

/// <summary>What only the owner of the log may do: a store has it, a client of one does not.</summary>
public interface ITopicStore : ITopicLog
{
    /// <summary>
    /// The database beneath, by the name of its product: <c>SQLite</c>, <c>PostgreSQL</c>; null if the store does not tell.
    /// </summary>
    string? Product => null;

    /// <summary>
    /// Tells how much of its disk the database takes: records, indexes, tables of sinks, and the room that what was removed has left.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The bytes; null if the store does not tell.</returns>
    ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default) => new((long?)null);

    /// <summary>
    /// The version of the database's tables that this program writes; null if the store has none. A database that a newer program has
    /// migrated can be used by those of an older version that are running, but no more by those that start.
    /// </summary>
    int? SchemaVersion => null;

    /// <summary>
    /// Changes a topic's settings. Retention and admission go by the new ones from then on, in every process that shares the store.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="change">What to change; the number of partitions is fixed.</param>
    /// <param name="cancellationToken">Stops waiting; the change may still have happened.</param>
    /// <returns>The topic as it stands after it.</returns>
    /// <exception cref="InvalidTopicSettingsException">A value is out of range; nothing was changed.</exception>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    ValueTask<TopicDescription> UpdateTopicAsync(TopicName topic, TopicChange change, CancellationToken cancellationToken = default);

    /// <summary>Deletes a topic and its records.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="TopicInUseException">A pipeline has a checkpoint on it.</exception>
    ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies every topic's retention: removes whole batches that are too old or too many and that every pipeline with a
    /// checkpoint on the topic has committed (or any, where the topic discards unread records, counting those).
    /// </summary>
    /// <param name="now">The time by which age is judged.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many records were removed.</returns>
    ValueTask<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tells how many records of a producer each partition of a topic has taken in, over all its epochs, those that retention removed
    /// included. So a producer that sends a fixed stream of records knows, after it was opened again under its name, how many to skip.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="producerId">The producer's id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The counts, by partition; 0 where it is not known.</returns>
    /// <remarks>
    /// Open the producer first: that fences its older epoch, so that the counts stand still. They are kept until the producer was neither
    /// opened nor seen by the partition for the store's producer expiry. A producer whose epoch was raised before the store could count
    /// this (schema version 1) counts from its newest epoch then on.
    /// </remarks>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Marks records of a partition as settled and appends batches, in one transaction: a record can be settled once, so what is appended
    /// for it is appended once, whoever else tries the same.
    /// </summary>
    /// <param name="partition">The partition that holds the records.</param>
    /// <param name="ranges">Which records: ranges in order that do not overlap.</param>
    /// <param name="appends">Batches for any topics, without producer ids, in order per partition; may be none.</param>
    /// <param name="cancellationToken">Stops waiting; it may still have happened.</param>
    /// <remarks>
    /// Retention forgets what was settled together with the records. Where the answer was lost, <see cref="ListSettledAsync"/> tells
    /// whether it
    /// happened.
    /// </remarks>
    /// <exception cref="ArgumentException">There are no ranges, or they are not in order and apart.</exception>
    /// <exception cref="RecordsSettledException">One of the records is settled already; nothing was changed.</exception>
    /// <exception cref="OffsetOutOfRangeException">A range is outside of what the partition holds; nothing was changed.</exception>
    /// <exception cref="UnknownTopicException">A topic does not exist; nothing was changed.</exception>
    /// <exception cref="UnknownPartitionException">A partition does not exist; nothing was changed.</exception>
    ValueTask SettleAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken = default);

    /// <summary>Lists which records of a partition are settled.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset to look from: the first range listed is the one that holds it, or the next.</param>
    /// <param name="maximumCount">How many ranges to list at the most; 1 or more. Ranges that touch each other are one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The ranges, in order.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">No such partition.</exception>
    ValueTask<IReadOnlyList<OffsetRange>> ListSettledAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken = default);
}
