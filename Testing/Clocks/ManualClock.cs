namespace Orleans.Pipeline.Testing.Clocks;

/// <summary>
/// A clock that stands until it is moved. Timers fire on the thread that moves the clock, by their due times, and those of one time in the
/// order in which they were set.
/// </summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>Where the clocks of tests begin.</summary>
    public static readonly DateTimeOffset Beginning = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<Timer> _due = [];
    private readonly DateTimeOffset _start = start;
    private DateTimeOffset _now = start;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Gets whether a timer is set.</summary>
    public bool HasTimers
    {
        get
        {
            lock (_lock)
            {
                return _due.Count > 0;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer that is due until a time, and fires that timer.</summary>
    /// <returns>Whether there was one.</returns>
    public bool FireNext(DateTimeOffset until)
    {
        Timer next;
        lock (_lock)
        {
            if (_due.Count == 0 || _due[0].Due > until)
            {
                return false;
            }

            next = _due[0];
            _due.RemoveAt(0);
            _now = next.Due > _now ? next.Due : _now;
            next.SetAgain();
        }

        next.Fire();
        return true;
    }

    /// <summary>Moves forward, and fires every timer that is due until then.</summary>
    public void Advance(TimeSpan time)
    {
        var end = GetUtcNow() + time;
        while (FireNext(end))
        {
        }

        MoveTo(end);
    }

    /// <summary>Moves forward without firing a timer.</summary>
    public void MoveTo(DateTimeOffset time)
    {
        lock (_lock)
        {
            _now = time > _now ? time : _now;
        }
    }

    private void Insert(Timer timer)
    {
        var place = _due.FindIndex(other => other.Due > timer.Due);
        _due.Insert(place < 0 ? _due.Count : place, timer);
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _isDisposed;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._due.Remove(this);
                _period = period;
                if (!_isDisposed && dueTime >= TimeSpan.Zero)
                {
                    Due = clock._now + dueTime;
                    clock.Insert(this);
                }

                return !_isDisposed;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _isDisposed = true;
                clock._due.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        public void SetAgain()
        {
            if (_period > TimeSpan.Zero)
            {
                Due += _period;
                clock.Insert(this);
            }
        }

        public void Fire() => callback(state);
    }
}
