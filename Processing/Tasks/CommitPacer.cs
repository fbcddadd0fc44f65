namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Decides when gathered batches commit: when the commit interval since the last commit is over, or enough bytes are gathered. A
/// task that was idle for an interval commits at once.
/// </summary>
internal sealed class CommitPacer : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _interval;
    private readonly long _enough;
    private readonly ITimer _timer;
    private long _lastCommit;

    /// <summary>Starts a full interval, as after a commit.</summary>
    /// <param name="profile">Sets the interval and the bytes.</param>
    /// <param name="readAheadBytes">Half of these bytes are enough too, because the other half must have room during the commit.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="due">Called when an awaited interval is over, on any thread.</param>
    public CommitPacer(PipelineProfile profile, long readAheadBytes, TimeProvider timeProvider, Action due)
    {
        _interval = profile.CommitInterval;
        _enough = Math.Max(1, Math.Min(profile.CommitBytes, readAheadBytes / 2));
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(_ => due(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _lastCommit = timeProvider.GetTimestamp();
    }

    private TimeSpan Left => _interval - _timeProvider.GetElapsedTime(_lastCommit);

    public bool IsEnough(long bytes) => bytes >= _enough;

    /// <summary>Returns whether the interval is over. If not, the callback follows when it is.</summary>
    public bool IsDue()
    {
        var left = Left;
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return false;
    }

    public void Committed() => _lastCommit = _timeProvider.GetTimestamp();

    public void Dispose() => _timer.Dispose();
}
