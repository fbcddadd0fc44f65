using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline;

/// <summary>
/// The durable log of topics. Every method is safe to call from many threads at once. Callers pass only batches that were validated at the
/// edge (<see cref="RecordBatch.Validate"/>); the log trusts their bytes.
/// </summary>
/// <remarks>
/// Every method may throw <see cref="StoreUnavailableException"/> (try again later) and, when its token is cancelled,
/// <see cref="OperationCanceledException"/>; a cancelled append may still have happened.
/// </remarks>
public interface ITopicLog
{
    /// <summary>Creates a topic. Does nothing if the topic exists with the same number of partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">The topic's settings.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The topic. An existing topic keeps its settings.</returns>
    /// <exception cref="InvalidTopicSettingsException">A setting is out of range.</exception>
    /// <exception cref="TopicExistsException">The topic exists with another number of partitions.</exception>
    ValueTask<TopicDescription> CreateTopicAsync(TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Finds a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The topic; null if no topic has that name.</returns>
    ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <summary>Lists the topics by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens a producer.</summary>
    /// <param name="name">
    /// A stable name of 1 to 128 characters, or null. A producer that is opened again under its name gets the same id and the next epoch,
    /// which fences the older epoch. Null gets a new id with epoch 0.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends a batch. When the task completes, the batch is durable. A batch with a producer id (0 or above) is appended once,
    /// however often it is sent. A batch with producer id -1 is appended each time.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="batch">A validated batch; its base offset is ignored. The bytes must not change until the task completes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The offsets; on a repeat, those of the first append.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">No such partition.</exception>
    /// <exception cref="SequenceGapException">A batch before this one is missing; nothing was appended.</exception>
    /// <exception cref="DuplicateSequenceException">The repeat is too old to return its offsets; nothing was appended again.</exception>
    /// <exception cref="ProducerFencedException">A newer epoch of this producer has taken over; nothing was appended.</exception>
    /// <exception cref="BackpressureException">The topic's lag is over its limit. Only a log with admission throws this.</exception>
    ValueTask<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Appends a batch as the other overload does, if the topic still is the one that the batch was made for.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The topic's identity, <see cref="TopicDescription.Id"/>; <see cref="Guid.Empty"/> for any.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The offsets; on a repeat, those of the first time.</returns>
    /// <exception cref="TopicReplacedException">The topic was deleted and created again; nothing was appended.</exception>
    async ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken = default)
    {
        if (topicId != Guid.Empty)
        {
            TopicReplacedException.ThrowIfReplaced(
                await FindTopicAsync(partition.Topic, cancellationToken) ?? throw new UnknownTopicException(partition.Topic), topicId);
        }

        return await AppendAsync(partition, batch, cancellationToken);
    }

    /// <summary>Reads whole batches in offset order, beginning with the batch that holds an offset.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset to read from; the first batch may begin before it.</param>
    /// <param name="maximumBytes">The most bytes of batches; the first batch is returned whatever its size.</param>
    /// <param name="wait">
    /// How long to wait for an append if the offset is the partition's end. An append ends the wait at once. Zero does not wait;
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The batches, with their base offsets set; none if the wait ran out at the end.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">No such partition.</exception>
    /// <exception cref="OffsetOutOfRangeException">The offset is below the partition's first one or above its end.</exception>
    ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads several partitions of a topic as one. Returns whole batches, as <see cref="ReadAsync"/> does, as soon as any of the
    /// partitions has records.
    /// </summary>
    /// <remarks>
    /// The partitions that have records share the bytes, and the first one served changes as the offsets move, so that a busy partition
    /// starves no other. A read changes nothing: a second read from the same offsets returns the same records.
    /// </remarks>
    /// <param name="topic">The topic.</param>
    /// <param name="positions">The offset to read each partition from; one or more, each partition once.</param>
    /// <param name="maximumBytes">The most bytes of batches over all partitions; the first batch is returned whatever its size.</param>
    /// <param name="wait">
    /// How long to wait while every partition is at its end. Zero does not wait; <see cref="Timeout.InfiniteTimeSpan"/> waits until
    /// cancelled.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The partitions that have records, each with its batches, in no order; none if the wait ran out.</returns>
    /// <exception cref="ArgumentException">There is no position.</exception>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">One of the partitions does not exist.</exception>
    /// <exception cref="OffsetOutOfRangeException">
    /// One of the offsets is below its partition's first one or above its end. The exception names the partition.
    /// </exception>
    /// <exception cref="TopicReplacedException">A position is of a topic that was deleted and created again.</exception>
    ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default) =>
        new MultiPartitionRead(this, topic, positions, maximumBytes).ReadAsync(wait, cancellationToken);

    /// <summary>Gets the bounds of a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">No such partition.</exception>
    ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default);

    /// <summary>Gets the bounds of every partition of a topic, in one request if the log supports that.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The bounds, by partition.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    async ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        var description = await FindTopicAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
        var bounds = new PartitionBounds[description.Settings.Partitions];
        for (var partition = 0; partition < bounds.Length; partition++)
        {
            bounds[partition] = await GetBoundsAsync(new TopicPartition(topic, partition), cancellationToken);
        }

        return bounds;
    }

    /// <summary>Finds the base offset of the first batch that holds a record at or after a time.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="time">
    /// The time, compared with the newest timestamp of each batch that is kept. A batch that is dated further ahead of its append than
    /// <see cref="RecordTime.MaximumAhead"/> counts as if it were dated that far ahead.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The offset; the partition's end if every record is older.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="UnknownPartitionException">No such partition.</exception>
    ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default);
}
