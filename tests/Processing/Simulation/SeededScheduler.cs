using Orleans.Pipeline.Testing.Clocks;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>
/// Runs asynchronous code on the test kit's one thread, picking what runs next by a seed, and moves its clock when nothing is left to run
/// (and at times before). The same seed gives the same run.
/// </summary>
internal sealed class SeededScheduler(Random random)
{
    /// <summary>Far more than any run takes.</summary>
    private const int MaximumSteps = 1_000_000;

    private static readonly TimeSpan MaximumSilence = TimeSpan.FromHours(1);

    private readonly OneThreadScheduler _thread = new(random);

    public ManualClock Time { get; } = new(ManualClock.Beginning);

    /// <summary>How many continuations have run.</summary>
    public int Steps => _thread.Steps;

    public void Run(Func<Task> main) => _thread.Enter(() =>
    {
        var done = _thread.Start(async () =>
        {
            await main();
            return true;
        });
        while (!done.IsCompleted)
        {
            Step();
        }

        done.GetAwaiter().GetResult();
    });

    private void Step()
    {
        if (random.Next(20) == 0)
        {
            Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 20)));
        }

        if (!_thread.RunNext() && !Time.FireNext(Time.GetUtcNow() + MaximumSilence))
        {
            throw new InvalidOperationException("The run is stuck: nothing is left to run, and no timer goes off within an hour.");
        }

        if (_thread.WasLeft)
        {
            throw new InvalidOperationException("Something left the scheduler and came back from another thread.");
        }

        if (_thread.Steps > MaximumSteps)
        {
            throw new InvalidOperationException($"The run does not end: {MaximumSteps} continuations have run.");
        }
    }
}
