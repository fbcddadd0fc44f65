using Orleans.Pipeline.Topics;
using Polly;
using Polly.Retry;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>What the readers of a provider share.</summary>
internal sealed class ReaderContext(
    ITopicLog log, TaskGates gates, StreamValues values, Func<StreamId, int> readBytesOf, Func<StreamId, Task> wakeAsync, TimeProvider timeProvider)
{
    /// <summary>How long a cursor waits at the end of the log before it lets its consumer speak.</summary>
    public TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(5);

    public ITopicLog Log => log;

    public TaskGates Gates => gates;

    public StreamValues Values => values;

    /// <summary>Repeats reads without end, from 50 ms up to 2 s apart, while the store or a consumer is away.</summary>
    public ResiliencePipeline Patience { get; } = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(2),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    /// <summary>Makes sure that a stream's consumer is there; fails if it is not yet.</summary>
    public Task WakeAsync(StreamId stream) => wakeAsync(stream);

    public int ReadBytesOf(StreamId stream) => readBytesOf(stream);
}
