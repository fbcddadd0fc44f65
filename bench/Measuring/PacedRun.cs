using System.Diagnostics;

namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>Records sent at a steady rate, however long each takes.</summary>
/// <param name="Cost">What that took of this process, the sending and the waiting for each effect included.</param>
/// <param name="Effects">How long each took from send to committed effect.</param>
internal sealed record PacedRun(Sample Cost, Percentiles Effects)
{
    /// <summary>Sends.</summary>
    /// <param name="records">How many.</param>
    /// <param name="perSecond">How many a second.</param>
    /// <param name="send">Sends one and waits for its effect; the answer is how long that took.</param>
    public static async Task<PacedRun> RunAsync(int records, int perSecond, Func<Task<TimeSpan>> send)
    {
        var pending = new List<Task<TimeSpan>>(records);
        var stopper = Stopper.Start();
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (pending.Count < records && await tick.WaitForNextTickAsync())
        {
            var due = Math.Min(records, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond));
            while (pending.Count < due)
            {
                pending.Add(send());
            }
        }

        var times = await Task.WhenAll(pending);
        return new PacedRun(stopper.Stop("paced", records, 0), Percentiles.Of(times));
    }
}
