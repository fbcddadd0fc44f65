namespace Orleans.Pipeline.Core.Tests.FlowControl;

/// <summary>A log of topics in memory that only counts what is appended.</summary>
internal sealed class CountingTopicLog(params TopicDescription[] existing) : ITopicLog
{
    private readonly List<TopicDescription> _topics = [.. existing];
    private long _records;

    public int Appends { get; private set; }

    public ValueTask<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default)
    {
        if (_topics.All(topic => topic.Topic != partition.Topic))
        {
            throw new UnknownTopicException(partition.Topic);
        }

        Appends++;
        var baseOffset = _records;
        _records += batch.Count;
        return new(new AppendResult(baseOffset, _records, IsRepeat: false));
    }

    public ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default)
    {
        if (_topics.Find(description => description.Topic == topic) is not { } found)
        {
            _topics.Add(found = new TopicDescription(topic, settings, DateTimeOffset.UnixEpoch));
        }

        return new(found);
    }

    public ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        new(_topics.SingleOrDefault(description => description.Topic == topic));

    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) => new(_topics);

    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        new(new ProducerIdentity(7, 0));

    public ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) => new([]);

    public ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        new(new PartitionBounds(0, _records, 0, 0));

    public ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        new(_records);
}
