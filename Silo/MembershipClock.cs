namespace Orleans.Pipeline.Silo;

/// <summary>
/// A clock whose timestamps begin at zero when the silo is built, rather than when the machine was started. Orleans' watchdog (10.4.2)
/// starts the thread that compares two timestamps before it has set the second one. With the system's timestamps that thread now and
/// then finds a stall as long as the machine has been up: it warns of it, and counts it against the silo's health.
/// </summary>
internal sealed class MembershipClock(TimeProvider time) : TimeProvider
{
    private readonly long _start = time.GetTimestamp();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override long GetTimestamp() => time.GetTimestamp() - _start;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
