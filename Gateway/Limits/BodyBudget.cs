using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Limits;

/// <summary>
/// Bounds the memory that the bodies of all requests in flight, and what was read for answers that are not sent yet, have together.
/// </summary>
internal sealed class BodyBudget(GatewaySettings settings)
{
    private readonly long _limit = settings.Limits.BodyBytesInFlight;
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    /// <summary>Takes bytes.</summary>
    /// <exception cref="OverloadedException">There is no room for them; none were taken.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > _limit)
        {
            Refuse(bytes);
        }
    }

    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);

    /// <summary>
    /// Takes bytes for what was read, until disposed. As one batch is answered however large it is, it is taken alone even if it passes the
    /// limit.
    /// </summary>
    /// <exception cref="OverloadedException">There is no room for them beside what others have; none were taken.</exception>
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

    /// <summary>Bytes that are held until disposed.</summary>
    public readonly struct Holding(BodyBudget budget, long bytes) : IDisposable
    {
        public void Dispose() => budget.Release(bytes);
    }
}
