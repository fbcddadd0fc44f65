namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Decides when gathered batches commit: when the commit interval since the last commit is over, or enough bytes are gathered. A
/// task that was idle for an interval commits at once. Batches with values for a sink that wants large deliveries commit at its pace.
/// </summary>
internal sealed class CommitPacer : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _interval;
    private readonly long _commitBytes;
    private readonly long _half;
    private readonly ITimer _timer;
    private long _lastCommit;
    private long? _pacedSince;

    /// <summary>Starts a full interval, as after a commit.</summary>
    /// <param name="profile">Sets the interval and the bytes.</param>
    /// <param name="readAheadBytes">Half of these bytes are enough too, because the other half must have room during the commit.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="due">Called when an awaited interval is over, on any thread.</param>
    public CommitPacer(PipelineProfile profile, long readAheadBytes, TimeProvider timeProvider, Action due)
    {
        _interval = profile.CommitInterval;
        _commitBytes = profile.CommitBytes;
        _half = readAheadBytes / 2;
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(_ => due(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _lastCommit = timeProvider.GetTimestamp();
    }

    public bool IsEnough(long bytes, DeliveryPace? pace = null) => bytes >= Math.Max(1, Math.Min(pace?.Bytes ?? _commitBytes, _half));

    /// <summary>
    /// Returns whether the interval is over; with a pace, whether its time is over since the first call with a pace after the last commit.
    /// If not, the callback follows when it is.
    /// </summary>
    public bool IsDue(DeliveryPace? pace = null)
    {
        var left = pace is { } sink
            ? sink.Time - _timeProvider.GetElapsedTime(_pacedSince ??= _timeProvider.GetTimestamp())
            : _interval - _timeProvider.GetElapsedTime(_lastCommit);
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return false;
    }

    public void Committed() => (_lastCommit, _pacedSince) = (_timeProvider.GetTimestamp(), null);

    public void Dispose() => _timer.Dispose();
}
