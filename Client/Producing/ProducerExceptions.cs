using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client;

/// <summary>Raised when records were not acknowledged within the delivery timeout, or can no longer be delivered.</summary>
public sealed class DeliveryException : PipelineException
{
    internal DeliveryException(string message, bool mayHaveBeenAppended, Exception? innerException = null)
        : base(message, innerException) => MayHaveBeenAppended = mayHaveBeenAppended;

    /// <summary>
    /// Gets whether the records may be in the log anyway, because an answer was lost. If false, they are not in the log, and sending them
    /// again creates no duplicates.
    /// </summary>
    public bool MayHaveBeenAppended { get; }

    internal static DeliveryException TimedOut(TopicPartition partition, ProducerBatch batch, TimeSpan timeout) => new(
        $"{batch.Count} records for partition {partition} were not acknowledged within {timeout.TotalSeconds:0.###} s"
        + $"{(batch.LastError is { } error ? $" (last error: {error.Message})" : "")}. {Fate(batch.IsUncertain)}",
        batch.IsUncertain,
        batch.LastError);

    internal static DeliveryException Unresolved(TopicPartition partition, ProducerBatch batch, Exception cause) => new(
        $"{batch.Count} records for partition {partition} cannot be delivered, because a batch before them failed. "
        + Fate(mayHaveBeenAppended: true),
        mayHaveBeenAppended: true,
        cause);

    internal static DeliveryException NotOpened(TopicName topic, TimeSpan timeout, Exception? cause) => new(
        $"A producer for topic '{topic}' could not be opened within {timeout.TotalSeconds:0.###} s"
        + $"{(cause is null ? "" : $" (last error: {cause.Message})")}. {Fate(mayHaveBeenAppended: false)}",
        mayHaveBeenAppended: false,
        cause);

    internal static DeliveryException NamedProducerFailed(string name, TopicPartition partition, Exception? cause) => new(
        $"Producer '{name}' cannot continue: a batch for partition {partition} failed, and a named producer does not take a new identity "
        + "by itself, because that could fence its successor. The records were not appended. Dispose the producer and create it again.",
        mayHaveBeenAppended: false,
        cause);

    private static string Fate(bool mayHaveBeenAppended) => mayHaveBeenAppended
        ? "They may have been appended anyway: if duplicates matter, read the topic before sending them again."
        : "They were not appended and can be sent again.";
}

/// <summary>Raised by a flush when enqueued records were not delivered. Each failure is reported once.</summary>
public sealed class FlushException : PipelineException
{
    internal FlushException(TopicName topic, long records, Exception first)
        : base($"{records} enqueued records for topic '{topic}' were not delivered; the first failure: {first.Message}", first) =>
            Records = records;

    /// <summary>Gets the number of enqueued records that failed since the last report.</summary>
    public long Records { get; }
}
