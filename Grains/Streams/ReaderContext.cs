using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>What the readers of a provider share.</summary>
internal sealed class ReaderContext(ITopicLog log, StreamValues values, TimeProvider timeProvider)
{
    /// <summary>How long a cursor waits at the end of the log before it lets its consumer speak.</summary>
    public TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The most bytes of one read.</summary>
    public int ReadBytes { get; } = PipelineProfile.Balanced.ReadBytes;

    public ITopicLog Log => log;

    public StreamValues Values => values;

    /// <summary>Repeats reads without end, from 50 ms up to 2 s apart, while the store is away.</summary>
    public RetryPolicy Patience { get; } = new()
    {
        InitialDelay = TimeSpan.FromMilliseconds(50),
        MaximumDelay = TimeSpan.FromSeconds(2),
        TimeProvider = timeProvider,
    };
}
