namespace Orleans.Pipeline.Testing.Clocks;

/// <summary>
/// Runs asynchronous code on the thread of its caller, one continuation at a time: in the order of their arrival, or picked by a seed. The
/// same order gives the same run.
/// </summary>
/// <param name="random">Picks what runs next; null for the order of arrival.</param>
internal sealed class OneThreadScheduler(Random? random = null) : TaskScheduler
{
    private readonly object _gate = new();
    private readonly List<Task> _runnable = [];

    /// <summary>Gets the number of continuations that have run.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets whether a continuation came from another thread.</summary>
    public bool WasLeft { get; private set; }

    private int Thread { get; set; }

    /// <summary>Runs an action whose tasks go to this scheduler, away from the context of the caller.</summary>
    public void Enter(Action action)
    {
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Thread = Environment.CurrentManagedThreadId;
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    /// <summary>Starts asynchronous code, of which nothing runs yet.</summary>
    public Task<T> Start<T>(Func<Task<T>> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs the next continuation.</summary>
    /// <returns>Whether there was one.</returns>
    public bool RunNext()
    {
        Task next;
        lock (_gate)
        {
            if (_runnable.Count == 0)
            {
                return false;
            }

            var index = random?.Next(_runnable.Count) ?? 0;
            next = _runnable[index];
            _runnable.RemoveAt(index);
        }

        Steps++;
        TryExecuteTask(next);
        return true;
    }

    /// <summary>Waits, for real, until another thread brings a continuation.</summary>
    /// <returns>Whether one came in time.</returns>
    public bool WaitForOtherThreads(TimeSpan time)
    {
        lock (_gate)
        {
            return _runnable.Count > 0 || Monitor.Wait(_gate, time);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            WasLeft |= Environment.CurrentManagedThreadId != Thread;
            _runnable.Add(task);
            Monitor.Pulse(_gate);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        random is not null && !taskWasPreviouslyQueued && Current == this && random.Next(2) == 0 && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _runnable];
        }
    }
}
