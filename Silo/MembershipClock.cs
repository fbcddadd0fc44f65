namespace Orleans.Pipeline.Silo;

/// <summary>
/// Counts timestamps from zero when the silo is built, not when the machine started. Orleans' watchdog (10.4.2) starts the thread that
/// compares two timestamps before it has set the second one. With the system's timestamps that thread sometimes finds a stall as long
/// as the machine's uptime. It then logs a warning and counts the stall against the silo's health.
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
