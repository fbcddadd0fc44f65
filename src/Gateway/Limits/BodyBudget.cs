using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Limits;

/// <summary>Bounds the memory that the bodies of all requests in flight, and what tails have read and not sent, have together.</summary>
internal sealed class BodyBudget(GatewaySettings settings)
{
    private readonly long _limit = settings.Limits.BodyBytesInFlight;
    private long _held;

    /// <summary>Bytes that are held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Takes bytes.</summary>
    /// <exception cref="OverloadedException">There is no room for them; none were taken.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > _limit)
        {
            Release(bytes);
            throw new OverloadedException($"The bodies of the requests in flight have the {_limit} bytes of memory that there are for them.");
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);
}
