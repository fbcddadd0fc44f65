using System.Collections.Concurrent;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.FlowControl;

/// <summary>Admits appends to topics, and refuses them while the lag of a topic is over its <see cref="TopicSettings.LagLimit"/>.</summary>
/// <remarks>
/// One append at a time looks up a topic's lag, at most every 100 ms. The others use the last value, so a topic may pass its limit by the
/// records of 100 ms.
/// </remarks>
/// <param name="log">The log, which knows the limits.</param>
/// <param name="lagOf">
/// Returns a topic's lag in records, over all partitions behind the slowest pipeline, as <see cref="IPipelineEngine.GetLagAsync"/> does.
/// </param>
/// <param name="time">The clock for the intervals between two lookups.</param>
internal sealed class TopicAdmission(ITopicLog log, Func<TopicName, CancellationToken, ValueTask<long>> lagOf, TimeProvider time)
{
    private readonly ConcurrentDictionary<TopicName, LastLag> _lags = new();

    /// <exception cref="BackpressureException">The topic's lag is over its limit.</exception>
    public async ValueTask AdmitAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        var lag = _lags.GetOrAdd(topic, static _ => new LastLag());
        if (lag.TryBeginRefresh(time))
        {
            try
            {
                await RefreshAsync(topic, lag, cancellationToken);
            }
            finally
            {
                lag.EndRefresh();
            }
        }

        lag.ThrowIfOverLimit(topic, time);
    }

    private async ValueTask RefreshAsync(TopicName topic, LastLag lag, CancellationToken cancellationToken)
    {
        if (await log.FindTopicAsync(topic, cancellationToken) is not { } description)
        {
            // The append itself refuses an unknown topic; remembering it here would let bad names fill the memory.
            _lags.TryRemove(topic, out _);
            return;
        }

        lag.Refresh(await lagOf(topic, cancellationToken), description.Settings.LagLimit);
    }

    private sealed class LastLag
    {
        private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);
        private static readonly TimeSpan MinimumRetry = TimeSpan.FromMilliseconds(250);
        private static readonly TimeSpan MaximumRetry = TimeSpan.FromSeconds(1);

        private readonly Lock _lock = new();
        private bool _refreshing;
        private long? _refreshedAt;
        private long _lag;
        private long _limit = long.MaxValue;
        private long? _refusedAt;

        /// <summary>Makes the caller the only one to refresh the lag, if a refresh is due.</summary>
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

        private void NotePushBack(TopicName topic, TimeProvider time)
        {
            if (_refusedAt is { } refusedAt)
            {
                TopicTelemetry.NotePushBack(topic, time.GetElapsedTime(refusedAt));
                _refusedAt = null;
            }
        }

        /// <summary>Returns 250 ms just over the limit, growing to 1 s at twice the limit and above.</summary>
        private TimeSpan RetryAfter() =>
            MinimumRetry + ((MaximumRetry - MinimumRetry) * Math.Min(1, (double)(_lag - _limit) / _limit));
    }
}
