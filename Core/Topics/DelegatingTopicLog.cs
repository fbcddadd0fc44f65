namespace Orleans.Pipeline.Topics;

/// <summary>Passes every call on to another log. A subclass changes the calls that it overrides.</summary>
/// <param name="log">The other log.</param>
internal abstract class DelegatingTopicLog(ITopicLog log) : ITopicLog
{
    public virtual ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default) =>
        log.CreateTopicAsync(topic, settings, cancellationToken);

    public virtual ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        log.FindTopicAsync(topic, cancellationToken);

    public virtual ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        log.ListTopicsAsync(cancellationToken);

    public virtual ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        log.OpenProducerAsync(name, cancellationToken);

    public virtual ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        log.AppendAsync(partition, batch, cancellationToken);

    public virtual ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        log.ReadAsync(partition, offset, maximumBytes, wait, cancellationToken);

    public virtual ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        log.ReadAnyAsync(topic, positions, maximumBytes, wait, cancellationToken);

    public virtual ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        log.GetBoundsAsync(partition, cancellationToken);

    public virtual ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        log.GetTopicBoundsAsync(topic, cancellationToken);

    public virtual ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        log.FindOffsetAsync(partition, time, cancellationToken);
}
