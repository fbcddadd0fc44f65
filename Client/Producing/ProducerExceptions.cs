using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client;

/// <summary>Records were not acknowledged: within the delivery timeout, or before their producer had to give up.</summary>
public sealed class DeliveryException : PipelineException
{
    internal DeliveryException(string message, bool mayHaveBeenAppended, Exception? innerException = null)
        : base(message, innerException) => MayHaveBeenAppended = mayHaveBeenAppended;

    /// <summary>
    /// Whether the records may be in the log all the same, because an answer was lost. If false, they certainly are not, and
    /// sending them again cannot double them.
    /// </summary>
    public bool MayHaveBeenAppended { get; }

    internal static DeliveryException TimedOut(TopicPartition partition, ProducerBatch batch, TimeSpan timeout) => new(
        $"{batch.Count} records for partition {partition} were not acknowledged within {timeout.TotalSeconds:0.###} s"
        + $"{(batch.LastError is { } error ? $" (last error: {error.Message})" : "")}. {Fate(batch.IsUncertain)}",
        batch.IsUncertain,
        batch.LastError);

    internal static DeliveryException Unresolved(TopicPartition partition, ProducerBatch batch, Exception cause) => new(
        $"{batch.Count} records for partition {partition} cannot be delivered any more, because a batch before them failed. {Fate(mayHaveBeenAppended: true)}",
        mayHaveBeenAppended: true,
        cause);

    internal static DeliveryException NotOpened(TopicName topic, TimeSpan timeout, Exception? cause) => new(
        $"A producer for topic '{topic}' could not be opened within {timeout.TotalSeconds:0.###} s"
        + $"{(cause is null ? "" : $" (last error: {cause.Message})")}. {Fate(mayHaveBeenAppended: false)}",
        mayHaveBeenAppended: false,
        cause);

    internal static DeliveryException NamedProducerFailed(string name, TopicPartition partition, Exception? cause) => new(
        $"Producer '{name}' cannot go on: a batch for partition {partition} failed, and a producer with a name does not take a new identity by itself, lest it fences its successor. The records were not appended. Dispose the producer and create it again.",
        mayHaveBeenAppended: false,
        cause);

    private static string Fate(bool mayHaveBeenAppended) => mayHaveBeenAppended
        ? "They may have been appended all the same: read the topic before sending them again, if a repeat matters."
        : "They were not appended and can be sent again.";
}

/// <summary>Records that were enqueued could not be delivered; reported once, by the flush that follows.</summary>
public sealed class FlushException : PipelineException
{
    internal FlushException(TopicName topic, long records, Exception first)
        : base($"{records} enqueued records for topic '{topic}' were not delivered; the first failure: {first.Message}", first) => Records = records;

    /// <summary>How many enqueued records failed since the last flush that reported any.</summary>
    public long Records { get; }
}
