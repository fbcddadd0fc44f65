using Orleans.Runtime.Providers;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>
/// How long a pulling agent waits before it offers a batch again: 50 ms, doubling up to 2 s. Orleans' own default begins at 1 s,
/// which would be most of the time that a take-over takes.
/// </summary>
internal sealed class ShortBackoff : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    public TimeSpan Next(int attempt) => TimeSpan.FromMilliseconds(Math.Min(50L << Math.Clamp(attempt, 0, 6), 2000));
}
