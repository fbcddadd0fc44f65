namespace Orleans.Pipeline.Gateway.Tests.Tailing;

/// <summary>A log whose store is away for the first reads.</summary>
internal sealed class OutageLog(ITopicLog log, int reads) : ITopicLog
{
    private int _left = reads;

    public ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        _left-- > 0
            ? throw new StoreUnavailableException("The store is away.")
            : log.ReadAnyAsync(topic, positions, maximumBytes, wait, cancellationToken);

    public ValueTask<TopicDescription> CreateTopicAsync(TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default) =>
        log.CreateTopicAsync(topic, settings, cancellationToken);

    public ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) => log.FindTopicAsync(topic, cancellationToken);

    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) => log.ListTopicsAsync(cancellationToken);

    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        log.OpenProducerAsync(name, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        log.AppendAsync(partition, batch, cancellationToken);

    public ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        log.ReadAsync(partition, offset, maximumBytes, wait, cancellationToken);

    public ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        log.GetBoundsAsync(partition, cancellationToken);

    public ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        log.FindOffsetAsync(partition, time, cancellationToken);
}
