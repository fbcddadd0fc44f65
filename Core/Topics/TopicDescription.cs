namespace Orleans.Pipeline;

/// <summary>The description of a topic in the log.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Settings">The topic's settings.</param>
/// <param name="CreatedAt">When the topic was created.</param>
public sealed record TopicDescription(TopicName Topic, TopicSettings Settings, DateTimeOffset CreatedAt)
{
    /// <summary>
    /// The topic's identity: a topic that is deleted and created again has another. <see cref="Guid.Empty"/> if the log does not report it.
    /// </summary>
    public Guid Id { get; init; }
}

/// <summary>The bounds and size of a partition.</summary>
/// <param name="Start">The first offset still kept.</param>
/// <param name="End">The offset that the next record will get.</param>
/// <param name="Bytes">The bytes of the batches kept.</param>
/// <param name="Discarded">
/// The number of records that retention removed before every pipeline on the topic had committed them; 0 unless the topic discards unread
/// records.
/// </param>
public readonly record struct PartitionBounds(long Start, long End, long Bytes, long Discarded);

/// <summary>The result of an append: the offsets of the batch.</summary>
/// <param name="BaseOffset">The offset of the batch's first record.</param>
/// <param name="NextOffset">One past the offset of its last record.</param>
/// <param name="IsRepeat">Whether the batch was appended before. The offsets are then those of the first append.</param>
public readonly record struct AppendResult(long BaseOffset, long NextOffset, bool IsRepeat);

/// <summary>
/// The identity under which a producer appends. Batches carry it, and the log keeps the last sequences of each per partition.
/// </summary>
/// <param name="Id">The producer id, 0 or above.</param>
/// <param name="Epoch">
/// The producer epoch. Opening a named producer again raises the epoch and fences the older one. A producer without a name may raise its
/// epoch itself; each partition then fences the older epoch when it sees the new one.
/// </param>
public readonly record struct ProducerIdentity(long Id, short Epoch);
