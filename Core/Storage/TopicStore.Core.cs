using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Storage;

/// <content>The members that a store implements behind the checks and measurements.</content>
public abstract partial class TopicStore
{
    /// <summary>Creates a topic with settings that were checked, as <see cref="ITopicLog.CreateTopicAsync"/> says.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">The topic's settings.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<TopicDescription> CreateTopicCoreAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken);

    /// <summary>Changes a topic's settings to values that were checked, as <see cref="ITopicStore.UpdateTopicAsync"/> says.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<TopicDescription> UpdateTopicCoreAsync(
        TopicName topic, TopicChange change, CancellationToken cancellationToken);

    /// <summary>Opens a producer under a name that was checked, as <see cref="ITopicLog.OpenProducerAsync"/> says.</summary>
    /// <param name="name">A name of 1 to 128 characters; null for a new id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<ProducerIdentity> OpenProducerCoreAsync(string? name, CancellationToken cancellationToken);

    /// <summary>
    /// Appends a batch, as <see cref="ITopicLog.AppendAsync(TopicPartition, Guid, RecordBatch, CancellationToken)"/> says.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The identity that the topic must have; <see cref="Guid.Empty"/> for any.</param>
    /// <param name="batch">A validated batch.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TopicReplacedException">The topic has another identity; nothing was appended.</exception>
    protected abstract ValueTask<AppendResult> AppendCoreAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads several partitions, as <see cref="ITopicLog.ReadAnyAsync"/> says, whatever topic the positions are of.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="positions">Where to read each partition from.</param>
    /// <param name="maximumBytes">The most bytes of batches over all partitions.</param>
    /// <param name="wait">How long to wait while every partition is at its end.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected virtual ValueTask<IReadOnlyList<PartitionRead>> ReadAnyCoreAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken) =>
        new MultiPartitionRead(this, topic, positions, maximumBytes).ReadAsync(wait, cancellationToken);

    /// <summary>
    /// Gets the identity of a topic. It may be outdated as long as every read of this store uses that same topic.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    protected virtual async ValueTask<Guid> GetTopicIdAsync(TopicName topic, CancellationToken cancellationToken) =>
        (await FindTopicAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic)).Id;

    /// <summary>
    /// Reads batches, as <see cref="ITopicLog.ReadAsync"/> says. A store measures the reading of its database, without the waiting, by
    /// <see cref="StoreTelemetry.MeasureReadAsync{T}"/>.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset to read from.</param>
    /// <param name="maximumBytes">The most bytes of batches; the first batch is returned whatever its size.</param>
    /// <param name="wait">How long to wait for an append at the end of the partition.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<IReadOnlyList<RecordBatch>> ReadCoreAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>
    /// Settles ranges that were checked, as <see cref="ITopicStore.SettleAsync"/> says. The store reports the appended batches by
    /// <see cref="StoreTelemetry.NoteAppended"/>.
    /// </summary>
    /// <param name="partition">The partition that holds the records.</param>
    /// <param name="ranges">Ranges in order that do not overlap.</param>
    /// <param name="appends">Batches for any topics.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask SettleCoreAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken);

    /// <summary>Lists settled ranges, as <see cref="ITopicStore.ListSettledAsync"/> says.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset to look from.</param>
    /// <param name="maximumCount">How many ranges to list at the most; 1 or more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<IReadOnlyList<OffsetRange>> ListSettledCoreAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken);

    /// <summary>
    /// Applies retention, as <see cref="ITopicStore.TrimAsync"/> says. The store reports the removed records by
    /// <see cref="StoreTelemetry.NoteRemoved"/>.
    /// </summary>
    /// <param name="now">The time by which age is judged.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many records were removed.</returns>
    protected abstract ValueTask<long> TrimCoreAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Creates or checks a table whose definition was checked, as <see cref="ICheckpointStore.PrepareTableAsync"/> says.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask PrepareTableCoreAsync(TableSchema table, CancellationToken cancellationToken);

    /// <summary>
    /// Commits all or nothing, as <see cref="ICommitter.CommitAsync"/> says. The store reports the appended batches by
    /// <see cref="StoreTelemetry.NoteAppended"/>, once however often the commit is repeated.
    /// </summary>
    /// <param name="commit">The new offset and the effects.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask CommitCoreAsync(Commit commit, CancellationToken cancellationToken);
}
