namespace Orleans.Pipeline.Topics;

/// <summary>Passes every call on to another log. A subclass changes the calls that it overrides.</summary>
internal abstract class DelegatingTopicLog : ITopicLog
{
    protected abstract ITopicLog Log { get; }

    public virtual ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default) =>
        Log.CreateTopicAsync(topic, settings, cancellationToken);

    public virtual ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        Log.FindTopicAsync(topic, cancellationToken);

    public virtual ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        Log.ListTopicsAsync(cancellationToken);

    public virtual ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        Log.OpenProducerAsync(name, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        AppendAsync(partition, Guid.Empty, batch, cancellationToken);

    public virtual ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken = default) =>
        Log.AppendAsync(partition, topicId, batch, cancellationToken);

    public virtual ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        Log.ReadAsync(partition, offset, maximumBytes, wait, cancellationToken);

    public virtual ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default) =>
        Log.ReadAnyAsync(topic, positions, maximumBytes, wait, cancellationToken);

    public virtual ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        Log.GetBoundsAsync(partition, cancellationToken);

    public virtual ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(
        TopicName topic, CancellationToken cancellationToken = default) =>
        Log.GetTopicBoundsAsync(topic, cancellationToken);

    public virtual ValueTask<long> FindOffsetAsync(
        TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        Log.FindOffsetAsync(partition, time, cancellationToken);
}
