namespace Orleans.Pipeline;

/// <summary>
/// Raised when the store cannot take writes or answer reads for now: the disk is full, or the database is unreachable. A later attempt
/// may succeed.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : PipelineException(message, innerException)
{
    /// <summary>How long to wait before the next attempt; null if the other side does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Raised when the store cannot be used at all: not a database, made by a newer version, read-only, or open elsewhere.</summary>
public sealed class StoreUnusableException(string message, Exception? innerException = null) : PipelineException(message, innerException);

/// <summary>Raised when an append is pushed back because the topic's lag is over its limit.</summary>
public sealed class BackpressureException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="topic">The topic pushed back.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="retryAfter">How long to wait before the next attempt.</param>
    public BackpressureException(TopicName topic, string reason, TimeSpan retryAfter)
        : this(
            topic, retryAfter, $"Appends to topic '{topic}' are pushed back: {reason}. Try again in {retryAfter.TotalMilliseconds:0} ms.")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal BackpressureException(TopicName topic, TimeSpan retryAfter, string message)
        : base(message) => (Topic, RetryAfter) = (topic, retryAfter);

    /// <summary>The topic pushed back.</summary>
    public TopicName Topic { get; }

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan RetryAfter { get; }
}
