using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.FlowControl;

/// <summary>What admission last learned of one topic.</summary>
internal sealed class TopicAdmission
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private bool _refreshing;
    private long? _refreshedAt;
    private long _lag;
    private long _limit = long.MaxValue;
    private long? _refusedAt;

    /// <summary>Makes the caller the one who refreshes, if it is time to and nobody else does.</summary>
    /// <returns>Whether the caller must refresh, then call <see cref="EndRefresh"/>.</returns>
    public bool TryBeginRefresh(TimeProvider time)
    {
        lock (_lock)
        {
            if (_refreshing || (_refreshedAt is { } refreshedAt && time.GetElapsedTime(refreshedAt) < RefreshInterval))
            {
                return false;
            }

            _refreshing = true;
            _refreshedAt = time.GetTimestamp();
            return true;
        }
    }

    public void Refresh(long lag, long limit)
    {
        lock (_lock)
        {
            _lag = lag;
            _limit = limit;
        }
    }

    public void EndRefresh()
    {
        lock (_lock)
        {
            _refreshing = false;
        }
    }

    public void ThrowIfOverLimit(TopicName topic, TimeProvider time)
    {
        lock (_lock)
        {
            NotePushBack(topic, time);
            if (_lag > _limit)
            {
                _refusedAt = time.GetTimestamp();
                TopicTelemetry.NoteRefusal(topic);
                throw new BackpressureException(
                    topic, FormattableString.Invariant($"its lag of {_lag:N0} records is over its limit of {_limit:N0}"), RetryAfter());
            }
        }
    }

    /// <summary>Counts the time since an append was refused.</summary>
    private void NotePushBack(TopicName topic, TimeProvider time)
    {
        if (_refusedAt is { } refusedAt)
        {
            TopicTelemetry.NotePushBack(topic, time.GetElapsedTime(refusedAt));
            _refusedAt = null;
        }
    }

    /// <summary>250 ms just over the limit, growing to 1 s at twice the limit and above.</summary>
    private TimeSpan RetryAfter() =>
        ShortestRetry + ((LongestRetry - ShortestRetry) * Math.Min(1, (double)(_lag - _limit) / _limit));
}
