namespace Orleans.Pipeline;

/// <summary>Raised when a text is not a valid topic name.</summary>
public sealed class InvalidTopicNameException(string name, string fault) : PipelineException(
    $"'{(name.Length > TopicName.MaximumLength ? name[..TopicName.MaximumLength] + "…" : name)}' is not a topic name: {fault}. "
    + "Use 1 to 128 lower-case letters, digits, '.', '_' or '-', starting with a letter or digit.");

/// <summary>Raised when a topic setting is out of range.</summary>
public sealed class InvalidTopicSettingsException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="topic">The topic the settings are for.</param>
    /// <param name="fault">The setting and what is wrong with it.</param>
    public InvalidTopicSettingsException(TopicName topic, string fault)
        : this($"The settings of topic '{topic}' are not valid: {fault}")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal InvalidTopicSettingsException(string message)
        : base(message)
    {
    }
}

/// <summary>Raised when a topic does not exist.</summary>
public sealed class UnknownTopicException(TopicName topic) : PipelineException(
    $"Topic '{topic}' does not exist. Create it, or start a pipeline that reads or writes it.")
{
    /// <summary>The requested topic.</summary>
    public TopicName Topic { get; } = topic;
}

/// <summary>Raised when a topic does not have a partition.</summary>
public sealed class UnknownPartitionException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="partition">The requested partition.</param>
    /// <param name="partitions">The number of partitions of the topic.</param>
    public UnknownPartitionException(TopicPartition partition, int partitions)
        : this(
            partition,
            $"Topic '{partition.Topic}' has {partitions} partitions; partition {partition.Partition} does not exist. "
                + $"Give 0 to {partitions - 1}.")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal UnknownPartitionException(TopicPartition partition, string message)
        : base(message) => Partition = partition;

    /// <summary>The requested partition.</summary>
    public TopicPartition Partition { get; }
}

/// <summary>Raised when a topic exists with another number of partitions.</summary>
public sealed class TopicExistsException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="existing">The number of partitions of the existing topic.</param>
    /// <param name="requested">The requested number of partitions.</param>
    public TopicExistsException(TopicName topic, int existing, int requested)
        : this(
            $"Topic '{topic}' already exists with {existing} partitions; {requested} were asked for. "
                + $"The number is fixed when a topic is created: ask for {existing}, or use another name.")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal TopicExistsException(string message)
        : base(message)
    {
    }
}

/// <summary>
/// Raised when a request is for a topic that was deleted, and a topic of the same name was created since. Offsets of the one mean nothing
/// in the other, and the number of partitions may differ.
/// </summary>
public sealed class TopicReplacedException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="topic">The topic that has the name now.</param>
    /// <param name="expected">The identity of the topic that the request is for.</param>
    public TopicReplacedException(TopicDescription topic, Guid expected)
        : this(
            topic.Topic,
            $"Topic '{topic.Topic}' was deleted and created again: it is {topic.Id:N} now, but the request is for {expected:N}. "
            + "Offsets of the one mean nothing in the other. Read it from its start, or create the producer again.")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal TopicReplacedException(TopicName topic, string message)
        : base(message) => Topic = topic;

    /// <summary>The topic's name.</summary>
    public TopicName Topic { get; }

    /// <summary>Raises the error if a topic is another one than a request is for.</summary>
    /// <param name="topic">The topic that has the name now.</param>
    /// <param name="expected">The identity of the topic that the request is for; <see cref="Guid.Empty"/> for any.</param>
    public static void ThrowIfReplaced(TopicDescription topic, Guid expected)
    {
        if (expected != Guid.Empty && topic.Id != Guid.Empty && topic.Id != expected)
        {
            throw new TopicReplacedException(topic, expected);
        }
    }
}

/// <summary>Raised when a topic cannot be deleted because a pipeline reads or writes it, or has checkpoints on it.</summary>
public sealed class TopicInUseException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="pipeline">The pipeline that uses it.</param>
    public TopicInUseException(TopicName topic, string pipeline)
        : this(
            $"Topic '{topic}' is used by pipeline '{pipeline}'. Take the pipeline out of the deployment before deleting the topic; "
            + $"if no host defines it any more, let go of it: pipeline forget {pipeline}")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal TopicInUseException(string message)
        : base(message)
    {
    }
}

/// <summary>Raised when a partition does not hold the requested offset.</summary>
public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset, long start, long end) : PipelineException(
    $"Offset {offset} of partition {partition} is out of range: it holds {start} to {end} (exclusive). Read from within that range.")
{
    /// <summary>The partition read.</summary>
    public TopicPartition Partition { get; } = partition;

    /// <summary>The requested offset.</summary>
    public long Offset { get; } = offset;

    /// <summary>The first offset kept.</summary>
    public long Start { get; } = start;

    /// <summary>The offset that the next record will get.</summary>
    public long End { get; } = end;
}

/// <summary>Raised when records to settle are settled already, by another caller or by an earlier attempt.</summary>
public sealed class RecordsSettledException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="partition">The partition that holds the records.</param>
    /// <param name="range">The requested range that is settled, wholly or in part.</param>
    public RecordsSettledException(TopicPartition partition, OffsetRange range)
        : this(
            $"Records {range} of partition {partition} are settled already, at least in part; nothing was changed. "
                + "List what is left.")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal RecordsSettledException(string message)
        : base(message)
    {
    }
}

/// <summary>Raised when an append skips sequences: a batch before it is missing.</summary>
public sealed class SequenceGapException(TopicPartition partition, long producerId, int expected, int actual) : PipelineException(
    $"Producer {producerId} appended sequence {actual} to partition {partition}, but {expected} comes next. "
    + "A batch is missing: send it first, or open a new producer.")
{
    /// <summary>The sequence that the log expects next.</summary>
    public int Expected { get; } = expected;
}

/// <summary>
/// Raised when a batch repeats a sequence older than the last five batches that the log remembers of its producer. The batch was appended
/// before and is not appended again, but its offsets are no longer known.
/// </summary>
public sealed class DuplicateSequenceException(TopicPartition partition, long producerId, int sequence) : PipelineException(
    $"Producer {producerId} repeated sequence {sequence} on partition {partition}, "
    + $"which is older than the last {Limit} batches remembered. "
    + "It was appended before; its offsets are no longer known.")
{
    /// <summary>The number of batches per producer and partition that the log remembers.</summary>
    public const int Limit = 5;
}

/// <summary>Raised when an append carries an epoch older than the producer's newest.</summary>
public sealed class ProducerFencedException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="partition">The partition appended to.</param>
    /// <param name="producerId">The producer.</param>
    /// <param name="epoch">The epoch of the append.</param>
    /// <param name="newest">The producer's newest epoch.</param>
    public ProducerFencedException(TopicPartition partition, long producerId, short epoch, short newest)
        : this(
            $"Producer {producerId} appended to partition {partition} under epoch {epoch}, but epoch {newest} has taken over. "
                + "Close this producer.")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal ProducerFencedException(string message)
        : base(message)
    {
    }
}
