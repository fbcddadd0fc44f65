using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Limits;

/// <summary>
/// Limits the total memory of the bodies of all requests in flight, and of what was read for responses that are not sent yet.
/// </summary>
internal sealed class BodyBudget(GatewaySettings settings)
{
    private readonly long _limit = settings.Limits.BodyBytesInFlight;
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    /// <exception cref="OverloadedException">The limit is reached. No bytes were taken.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > _limit)
        {
            Refuse(bytes);
        }
    }

    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);

    /// <summary>
    /// Takes bytes for what was read, until disposed. A read may return one batch of any size, so a single holder may pass the limit.
    /// </summary>
    /// <exception cref="OverloadedException">The limit is reached with what others hold. No bytes were taken.</exception>
    public Holding Hold(long bytes)
    {
        var held = Interlocked.Add(ref _held, bytes);
        if (held > _limit && held > bytes)
        {
            Refuse(bytes);
        }

        return new(this, bytes);
    }

    private void Refuse(long bytes)
    {
        Release(bytes);
        throw new OverloadedException(
            $"The bodies of the requests in flight use all {_limit} bytes of memory for bodies. Try again later.");
    }

    public readonly struct Holding(BodyBudget budget, long bytes) : IDisposable
    {
        public void Dispose() => budget.Release(bytes);
    }
}
