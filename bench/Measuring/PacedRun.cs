using System.Diagnostics;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>A run that sends records at a steady rate, whatever the time that each send takes.</summary>
/// <param name="Cost">The cost to this process, sending and waiting included.</param>
/// <param name="Effects">The times from send to committed effect of the awaited records.</param>
internal sealed record PacedRun(Sample Cost, Percentiles Effects)
{
    /// <param name="records">The number of records.</param>
    /// <param name="perSecond">Records per second.</param>
    /// <param name="waitedEach">The effect of every record with a number divisible by this is awaited.</param>
    /// <param name="send">Sends one record.</param>
    /// <param name="wait">Sends one record, waits for its effect, and returns the time.</param>
    public static async Task<PacedRun> RunAsync(int records, int perSecond, int waitedEach, Func<ValueTask> send, Func<Task<TimeSpan>> wait)
    {
        var (sent, pending) = (0, new List<Task<TimeSpan>>(records / waitedEach));
        var stopper = Stopper.Start();
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (sent < records && await tick.WaitForNextTickAsync())
        {
            var due = Math.Min(records, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond));
            while (sent < due)
            {
                if (++sent % waitedEach == 0)
                {
                    pending.Add(wait());
                }
                else
                {
                    await send();
                }
            }
        }

        var times = await Task.WhenAll(pending);
        return new PacedRun(stopper.Stop("paced", records, 0), Percentiles.Of(times));
    }
}
