using System.Collections.Immutable;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

internal sealed class TopicDirectory
{
    private readonly Versioned<ImmutableDictionary<TopicName, TopicState>> _topics;
    private readonly Statement _insertTopic;
    private readonly Statement _updateTopic;
    private readonly Statement _deleteTopic;
    private readonly Statement _insertPartition;
    private readonly Statement _orphanPartitions;
    private readonly Statement _usedNumbers;

    public TopicDirectory(Connection connection)
    {
        _insertTopic = connection.Prepare(
            """
            INSERT INTO pipeline_topics
                (name, partitions, first_partition, retention_ticks, retention_bytes, discard_unread, lag_limit, created_at, uuid)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id
            """);
        _updateTopic = connection.Prepare(
            "UPDATE pipeline_topics SET retention_ticks = ?2, retention_bytes = ?3, discard_unread = ?4, lag_limit = ?5 WHERE id = ?1");
        _deleteTopic = connection.Prepare("DELETE FROM pipeline_topics WHERE id = ?1");
        _insertPartition = connection.Prepare(
            "INSERT INTO pipeline_partitions (number, topic, start_offset, discarded) VALUES (?1, ?2, 0, 0)");
        _orphanPartitions = connection.Prepare("UPDATE pipeline_partitions SET topic = NULL WHERE topic = ?1");
        _usedNumbers = connection.Prepare("SELECT number FROM pipeline_partitions ORDER BY number");
        _topics = new(TopicLoader.Load(connection));
    }

    public ImmutableDictionary<TopicName, TopicState> Committed => _topics.Committed;

    public TopicState? FindPending(TopicName topic) => _topics.Pending.GetValueOrDefault(topic);

    public PartitionState Find(TopicPartition partition) => Find(_topics.Committed, partition);

    public PartitionState GetPending(TopicPartition partition) => Find(_topics.Pending, partition);

    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The identity that its topic must have; empty for any.</param>
    /// <exception cref="TopicReplacedException">The topic has another identity.</exception>
    public PartitionState GetPending(TopicPartition partition, Guid topicId)
    {
        if (topicId != Guid.Empty && FindPending(partition.Topic) is { } topic)
        {
            TopicReplacedException.ThrowIfReplaced(topic.Description, topicId);
        }

        return GetPending(partition);
    }

    public TopicDescription Create(WriteTransaction transaction, TopicName topic, TopicSettings settings, DateTimeOffset now)
    {
        if (_topics.Pending.TryGetValue(topic, out var existing))
        {
            return existing.Partitions.Length == settings.Partitions
                ? existing.Description
                : throw new TopicExistsException(topic, existing.Partitions.Length, settings.Partitions);
        }

        var first = FindFreeNumbers(topic, settings.Partitions);
        var createdAt = now.ToUnixTimeMilliseconds();
        var uuid = Guid.NewGuid();
        _insertTopic.Bind(1, topic.Value).Bind(2, settings.Partitions).Bind(3, first)
            .Bind(4, settings.RetentionAge?.Ticks).Bind(5, settings.RetentionBytes)
            .Bind(6, settings.DiscardUnread ? 1 : 0).Bind(7, settings.LagLimit).Bind(8, createdAt)
            .Bind(9, uuid.ToString("N")).Step();
        var id = _insertTopic.Integer(0);
        _insertTopic.Reset();
        var partitions = new PartitionState[settings.Partitions];
        for (var index = 0; index < partitions.Length; index++)
        {
            _insertPartition.Bind(1, first + index).Bind(2, id).Run();
            partitions[index] = new(new(topic, index), first + index, new(0, 0, 0, 0, long.MinValue, 0));
        }

        var description = new TopicDescription(topic, settings, DateTimeOffset.FromUnixTimeMilliseconds(createdAt)) { Id = uuid };
        _topics.Set(_topics.Pending.Add(topic, new(id, description, partitions)), transaction);
        return description;
    }

    public TopicDescription Update(WriteTransaction transaction, TopicName topic, TopicChange change)
    {
        var state = FindPending(topic) ?? throw new UnknownTopicException(topic);
        var settings = change.Apply(state.Description.Settings);
        _updateTopic.Bind(1, state.Id).Bind(2, settings.RetentionAge?.Ticks).Bind(3, settings.RetentionBytes)
            .Bind(4, settings.DiscardUnread ? 1 : 0).Bind(5, settings.LagLimit).Run();
        var description = state.Description with { Settings = settings };
        _topics.Set(_topics.Pending.SetItem(topic, state with { Description = description }), transaction);
        return description;
    }

    /// <summary>Deletes a topic. The batches of its partitions are removed later, in slices.</summary>
    public TopicState Delete(WriteTransaction transaction, TopicName topic)
    {
        var state = FindPending(topic) ?? throw new UnknownTopicException(topic);
        _deleteTopic.Bind(1, state.Id).Run();
        _orphanPartitions.Bind(1, state.Id).Run();
        _topics.Set(_topics.Pending.Remove(topic), transaction);
        return state;
    }

    private static PartitionState Find(ImmutableDictionary<TopicName, TopicState> topics, TopicPartition partition)
    {
        var topic = topics.GetValueOrDefault(partition.Topic) ?? throw new UnknownTopicException(partition.Topic);
        return (uint)partition.Partition < (uint)topic.Partitions.Length
            ? topic.Partitions[partition.Partition]
            : throw new UnknownPartitionException(partition, topic.Partitions.Length);
    }

    private int FindFreeNumbers(TopicName topic, int count)
    {
        var free = 0;
        while (_usedNumbers.Step())
        {
            var used = (int)_usedNumbers.Integer(0);
            if (used - free >= count)
            {
                break;
            }

            free = used + 1;
        }

        _usedNumbers.Reset();
        return free + count <= BatchPosition.MaximumPartitions ? free : throw new InvalidTopicSettingsException(
            topic,
            $"partitions is {count}, but a store has room for {BatchPosition.MaximumPartitions} over all topics. "
            + "Delete topics that are no longer needed.");
    }
}
