namespace Orleans.Pipeline.Storage.Postgres.Notifications;

/// <summary>The pauses between attempts to reconnect: none, then 100 ms, doubling up to 2 s.</summary>
internal sealed class ReconnectPause(TimeProvider timeProvider)
{
    private static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Maximum = TimeSpan.FromSeconds(2);

    private TimeSpan _next;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_next, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _next = _next == TimeSpan.Zero ? Minimum : _next * 2 < Maximum ? _next * 2 : Maximum;
    }

    public void Reset() => _next = TimeSpan.Zero;
}
