namespace Orleans.Pipeline;

/// <summary>The log plus administration. Stores implement it; clients only have <see cref="ITopicLog"/>.</summary>
public interface ITopicStore : ITopicLog
{
    /// <summary>
    /// Gets the product name of the store's database, <c>SQLite</c> or <c>PostgreSQL</c>; null if the store does not report it.
    /// </summary>
    string? Product => null;

    /// <summary>Gets the database's size on disk: records, indexes, sink tables and free pages.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The bytes; null if the store does not report them.</returns>
    ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default) => new((long?)null);

    /// <summary>Writes something small, to find out whether the database can be written now.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be written for now; the message says why.</exception>
    ValueTask CheckWritesAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>
    /// Gets the version of the database's tables that this program writes; null if the store has none. After a newer program has
    /// migrated a database, older processes that are running keep working; older processes cannot start any more.
    /// </summary>
    int? SchemaVersion => null;

    /// <summary>
    /// Changes a topic's settings. From then on, retention and admission use the new settings in every process that shares the store.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="change">What to change; the number of partitions is fixed.</param>
    /// <param name="cancellationToken">Stops waiting; the change may still have happened.</param>
    /// <returns>The topic with its new settings.</returns>
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
    /// Applies every topic's retention. Removes whole batches that are too old or too many, once every pipeline with a checkpoint on
    /// the topic has committed them. A topic that discards unread records does not wait for the pipelines, and counts those records.
    /// </summary>
    /// <param name="now">The time from which the age of records is computed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The number of removed records.</returns>
    ValueTask<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets the number of records of a producer that each partition of a topic has taken in, over all its epochs. Records that retention
    /// removed are included. A producer that sends a fixed stream of records and is opened again under its name skips that many.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="producerId">The producer's id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The counts, by partition; 0 where the count is not known.</returns>
    /// <remarks>
    /// Open the producer first: that fences its older epoch, so that the counts stand still. The count of a producer without a name
    /// expires when the producer was neither opened nor seen by the partition for the store's producer expiry. For a producer whose epoch
    /// was raised under schema version 1, which did not count, the counts begin with its newest epoch at that time.
    /// </remarks>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Marks records of a partition as settled and appends batches, in one transaction. A record can be settled only once, so the batches
    /// for it are appended only once, even if several callers try.
    /// </summary>
    /// <param name="partition">The partition that holds the records.</param>
    /// <param name="ranges">The records, as ranges in order that do not overlap.</param>
    /// <param name="appends">Batches for any topics, without producer ids, in order per partition; may be empty.</param>
    /// <param name="cancellationToken">Stops waiting; the transaction may still have happened.</param>
    /// <remarks>
    /// Retention removes the marks together with the records. If the answer was lost, <see cref="ListSettledAsync"/> shows whether the
    /// records were settled.
    /// </remarks>
    /// <exception cref="ArgumentException">There are no ranges, or they are out of order or overlap.</exception>
    /// <exception cref="RecordsSettledException">One of the records is settled already; nothing was changed.</exception>
    /// <exception cref="OffsetOutOfRangeException">A range is outside the partition's bounds; nothing was changed.</exception>
    /// <exception cref="UnknownTopicException">A topic does not exist; nothing was changed.</exception>
    /// <exception cref="UnknownPartitionException">A partition does not exist; nothing was changed.</exception>
    ValueTask SettleAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken = default);

    /// <summary>Lists the ranges of a partition's records that are settled.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset to look from: the first range listed is the one that holds it, or the next.</param>
    /// <param name="maximumCount">The most ranges to list, 1 or more. Adjacent ranges count as one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The ranges, in order.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">No such partition.</exception>
    ValueTask<IReadOnlyList<OffsetRange>> ListSettledAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken = default);
}
