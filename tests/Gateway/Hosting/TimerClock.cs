using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Gateway.Tests.Hosting;

/// <summary>A clock that stands still until the test moves it, and reports each timer that is started.</summary>
internal sealed class TimerClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer is started with a time in a range, both ends excluded.</summary>
    public async Task<TimeSpan> WhenWaitedForAsync(TimeSpan above, TimeSpan below)
    {
        while (true)
        {
            var due = await _timers.Reader.ReadAsync();
            if (due > above && due < below)
            {
                return due;
            }
        }
    }
}
