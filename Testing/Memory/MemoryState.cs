namespace Orleans.Pipeline.Testing.Memory;

/// <summary>The contents of a memory database.</summary>
internal sealed class MemoryState
{
    public SortedDictionary<TopicName, MemoryTopic> Topics { get; } = [];

    /// <summary>The readers to wake when the transaction is over.</summary>
    public WaitingReaders Readers { get; } = new();

    public MemoryProducers Producers { get; } = new();

    public MemoryTasks Tasks { get; } = new();

    public MemoryTables Tables { get; } = new();

    public HashSet<string> PausedPipelines { get; } = new(StringComparer.Ordinal);

    public MemoryTopic GetTopic(TopicName topic) => Topics.GetValueOrDefault(topic) ?? throw new UnknownTopicException(topic);

    public MemoryPartition GetPartition(TopicPartition partition)
    {
        var partitions = GetTopic(partition.Topic).Partitions;
        return (uint)partition.Partition < (uint)partitions.Count
            ? partitions[partition.Partition]
            : throw new UnknownPartitionException(partition, partitions.Count);
    }

    public TopicDescription CreateTopic(TopicName topic, TopicSettings settings, DateTimeOffset now)
    {
        if (Topics.TryGetValue(topic, out var existing))
        {
            return existing.Partitions.Count == settings.Partitions
                ? existing.Description
                : throw new TopicExistsException(topic, existing.Partitions.Count, settings.Partitions);
        }

        var partitions = Enumerable.Range(0, settings.Partitions).Select(index => new MemoryPartition(new(topic, index), Readers));
        var created = new MemoryTopic(new(topic, settings, now) { Id = Guid.NewGuid() }, [.. partitions]);
        Topics.Add(topic, created);
        return created.Description;
    }

    public TopicDescription UpdateTopic(TopicName topic, TopicChange change)
    {
        var existing = GetTopic(topic);
        var changed = existing.Description with { Settings = change.Apply(existing.Description.Settings) };
        Topics[topic] = existing with { Description = changed };
        return changed;
    }

    public MemoryTopic DeleteTopic(TopicName topic)
    {
        var existing = GetTopic(topic);
        if (Tasks.FindReader(topic) is { } reader)
        {
            throw new TopicInUseException(topic, reader.Pipeline);
        }

        Topics.Remove(topic);
        existing.Partitions.ForEach(partition => partition.WakeReaders());
        return existing;
    }

    /// <summary>Appends a batch of a producer once, and a batch of no producer each time.</summary>
    public AppendResult Append(TopicPartition partition, Guid topicId, RecordBatch batch, DateTimeOffset now)
    {
        TopicReplacedException.ThrowIfReplaced(GetTopic(partition.Topic).Description, topicId);
        var target = GetPartition(partition);
        if (batch.ProducerId == RecordBatch.NoProducer)
        {
            return target.Append(batch, now);
        }

        if (target.Sequences.FindRepeat(batch, Producers.GetNewestEpoch(batch.ProducerId)) is { } repeat)
        {
            return repeat;
        }

        var appended = target.Append(batch, now);
        target.Sequences.Remember(batch, appended.BaseOffset, now);
        return appended;
    }

    /// <summary>Finds the partitions of batches, before anything is changed.</summary>
    /// <exception cref="UnknownTopicException">A topic does not exist.</exception>
    /// <exception cref="UnknownPartitionException">A partition does not exist.</exception>
    public List<MemoryPartition> FindTargets(IReadOnlyList<TopicAppend> appends) =>
        [.. appends.Select(append => GetPartition(append.Partition))];

    /// <summary>Appends batches to their partitions, without regard to producers; cannot fail.</summary>
    public static void AppendAll(List<MemoryPartition> targets, IReadOnlyList<TopicAppend> appends, DateTimeOffset now)
    {
        for (var index = 0; index < targets.Count; index++)
        {
            targets[index].Append(appends[index].Batch, now);
        }
    }

    /// <returns>The number of appended batches.</returns>
    public int Settle(
        TopicPartition partition, IReadOnlyList<OffsetRange> ranges, IReadOnlyList<TopicAppend> appends, DateTimeOffset now)
    {
        var source = GetPartition(partition);
        foreach (var range in ranges)
        {
            source.RequireHeld(range);
            if (source.Settled.Overlaps(range))
            {
                throw new RecordsSettledException(partition, range);
            }
        }

        var targets = FindTargets(appends);
        foreach (var range in ranges)
        {
            source.Settled.Add(range);
        }

        AppendAll(targets, appends, now);
        return targets.Count;
    }
}

internal sealed record MemoryTopic(TopicDescription Description, List<MemoryPartition> Partitions);
