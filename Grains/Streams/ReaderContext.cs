using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Grains.Streams;

internal sealed class ReaderContext(ITopicLog log, StreamValues values, TimeProvider timeProvider)
{
    /// <summary>Gets the time after which a cursor at the end of the log delivers an empty container: 1 s.</summary>
    public TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(1);

    public int ReadBytes { get; } = PipelineProfile.Balanced.ReadBytes;

    public ITopicLog Log => log;

    public StreamValues Values => values;

    /// <summary>
    /// Repeats failed reads without end, for example while the store is unavailable or the topic is deleted and not created again, at
    /// intervals from 50 ms up to 2 s. A cancellation of the store's own, such as a timeout, is a failed read too.
    /// </summary>
    public RetryPolicy Patience { get; } = new()
    {
        InitialDelay = TimeSpan.FromMilliseconds(50),
        MaximumDelay = TimeSpan.FromSeconds(2),
        TimeProvider = timeProvider,
        IsTransient = static (error, token) => error is not OperationCanceledException || !token.IsCancellationRequested,
    };
}
