using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>
/// Runs asynchronous code on one thread, picking what runs next by a seed, and moves a simulated clock when nothing is left to
/// run (and at times before). The same seed gives the same run.
/// </summary>
internal sealed class SeededScheduler(Random random) : TaskScheduler
{
    /// <summary>Far more than any run takes.</summary>
    private const int MostSteps = 1_000_000;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    private readonly List<Task> _runnable = [];
    private Thread? _thread;
    private volatile bool _wasLeft;

    public FakeTimeProvider Time { get; } = new();

    /// <summary>How many continuations have run.</summary>
    public int Steps { get; private set; }

    public void Run(Func<Task> main)
    {
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _thread = Thread.CurrentThread;
        try
        {
            var done = Task.Factory.StartNew(main, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();
            while (!done.IsCompleted)
            {
                Step();
            }

            done.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (Thread.CurrentThread == _thread)
        {
            _runnable.Add(task);
        }
        else
        {
            _wasLeft = true;
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Current == this && random.Next(2) == 0 && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _runnable;

    private void Step()
    {
        if (_runnable.Count == 0)
        {
            AdvanceUntilRunnable();
        }
        else if (random.Next(20) == 0)
        {
            Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 20)));
        }

        if (_wasLeft)
        {
            throw new InvalidOperationException("Something left the scheduler and came back from another thread.");
        }

        if (++Steps > MostSteps)
        {
            throw new InvalidOperationException($"The run does not end: {MostSteps} continuations have run.");
        }

        var next = random.Next(_runnable.Count);
        var task = _runnable[next];
        _runnable[next] = _runnable[^1];
        _runnable.RemoveAt(_runnable.Count - 1);
        TryExecuteTask(task);
    }

    private void AdvanceUntilRunnable()
    {
        var end = Time.GetUtcNow() + LongestSilence;
        for (var step = TimeSpan.FromMilliseconds(1); _runnable.Count == 0 && !_wasLeft; step *= 1.5)
        {
            if (Time.GetUtcNow() > end)
            {
                throw new InvalidOperationException("The run is stuck: nothing is left to run, and no timer goes off within an hour.");
            }

            Time.Advance(step);
        }
    }
}
