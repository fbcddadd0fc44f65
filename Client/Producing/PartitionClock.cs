namespace Orleans.Pipeline.Client.Producing;

/// <summary>
/// The clock of one partition's sender, from its start. The clock wakes the sender, and measures the time that counts for the delivery
/// timeout. That time stands still while the log pushes back.
/// </summary>
internal sealed class PartitionClock : IDisposable
{
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly ITimer _timer;
    private TimeSpan _wakeAt = TimeSpan.MaxValue;
    private TimeSpan _standsUntil;
    private TimeSpan _stood;

    public PartitionClock(TimeProvider timeProvider, Action wake)
    {
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(
            static wake => ((Action)wake!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Now => _timeProvider.GetElapsedTime(_start);

    public TimeSpan PushedBackUntil { get; private set; }

    /// <summary>Returns the part of the time until <paramref name="now"/> that counts for the delivery timeout.</summary>
    public TimeSpan Counted(TimeSpan now) => (now > _standsUntil ? now : _standsUntil) - _stood;

    /// <summary>Returns the time at which this much will have counted.</summary>
    public TimeSpan WhenCounted(TimeSpan counted) => counted + _stood;

    /// <param name="now">The time.</param>
    /// <param name="until">The time until which the log pushes appends back.</param>
    /// <param name="counts">Whether the wait counts for the delivery timeout anyway.</param>
    /// <returns>The time by which the push back extends the partition's wait.</returns>
    public TimeSpan PushBack(TimeSpan now, TimeSpan until, bool counts)
    {
        var longer = until - (now > PushedBackUntil ? now : PushedBackUntil);
        PushedBackUntil = until > PushedBackUntil ? until : PushedBackUntil;
        var from = now > _standsUntil ? now : _standsUntil;
        if (!counts && until > from)
        {
            _stood += until - from;
            _standsUntil = until;
        }

        return longer > TimeSpan.Zero ? longer : TimeSpan.Zero;
    }

    /// <summary>Wakes the sender at a time, or earlier.</summary>
    public void WakeAt(TimeSpan time, TimeSpan now)
    {
        if (time >= _wakeAt)
        {
            return;
        }

        _wakeAt = time;
        var wait = time > now ? Math.Ceiling((time - now) / Resolution) * Resolution : Resolution;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void NoteWake() => _wakeAt = TimeSpan.MaxValue;

    public void Dispose() => _timer.Dispose();
}
