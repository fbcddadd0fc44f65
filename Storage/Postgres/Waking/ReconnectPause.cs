namespace Orleans.Pipeline.Storage.Postgres.Waking;

/// <summary>The pauses between attempts to reach a database that is away: none, then 100 ms, doubling up to 2 s.</summary>
internal sealed class ReconnectPause(TimeProvider timeProvider)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _next;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_next, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _next = _next == TimeSpan.Zero ? Shortest : _next * 2 < Longest ? _next * 2 : Longest;
    }

    public void Reset() => _next = TimeSpan.Zero;
}
