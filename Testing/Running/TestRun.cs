using Orleans.Pipeline.Tasks;
using Orleans.Pipeline.Testing.Calls;

namespace Orleans.Pipeline.Testing.Running;

/// <summary>
/// Runs the pipelines of a test by the product's own tasks: <see cref="TaskRunner"/>, <see cref="PartitionProcessor"/> and
/// <see cref="StageProgram"/>. A request runs until no task has anything left to do.
/// </summary>
/// <remarks>
/// <code>
///   request ──► (1) run what can run, in its order
///                 ▲   (2) wait for a step or a sink that is away on another thread
///                 │   (3) move the engine's clock to its next timer: a commit is due, a failed call is tried again
///                 └── (4) wake an owner that stood still while another took its task over
///               (5) nothing is left: the request is done
/// </code>
/// </remarks>
internal sealed class TestRun
{
    private const int MaximumFailures = 100;

    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(10);

    private readonly Setup _setup;
    private readonly SortedDictionary<string, Pipeline> _pipelines = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private readonly Queue<TaskCompletionSource> _standing = [];

    private TestRun(Setup setup, int? seed, (int Place, Fault Fault)? plan)
    {
        _setup = setup;
        World = new World(seed);
        Gate = new CallGate { Plan = plan, TakeOverElsewhere = TakeOverElsewhereAsync, Crashed = Skew };
        Operations = new DeadLetterOperations(World.Store, GetStatusAsync);
    }

    public World World { get; }

    public CallGate Gate { get; }

    /// <summary>Gets the operations on dead letters.</summary>
    public DeadLetterOperations Operations { get; }

    /// <summary>Gets the process that runs the tasks.</summary>
    public Node Node => _nodes[^1];

    /// <summary>Starts the pipelines.</summary>
    public static TestRun Start(Setup setup, int? seed = null, (int Place, Fault Fault)? plan = null)
    {
        var run = new TestRun(setup, seed, plan);
        run.Do(async () =>
        {
            var node = await run.StartNodeAsync();
            foreach (var pipeline in node.Catalog.Pipelines)
            {
                var tasks = node.RunnersOf(pipeline).ToList();
                var runner = new PipelineRunner(pipeline, tasks, run.World.Store, run.World.Store, workers: 1);
                run._pipelines.Add(pipeline.Name, new Pipeline(tasks, runner));
                await runner.StartAsync(CancellationToken.None);
            }

            return true;
        });
        return run;
    }

    /// <summary>Makes a request, and runs the pipelines until nothing is left to do.</summary>
    public T Do<T>(Func<Task<T>> request)
    {
        Task<T> done = null!;
        World.Scheduler.Enter(() =>
        {
            done = World.Scheduler.Start(request);
            Settle();
        });
        if (!done.IsCompleted)
        {
            throw new PipelineTestException("The request waits for something that the clock of the test must bring. Advance the clock first.");
        }

        return done.GetAwaiter().GetResult();
    }

    /// <summary>Moves the clock, timer by timer, and runs what each timer wakes.</summary>
    public void Advance(TimeSpan time) => World.Scheduler.Enter(() =>
    {
        var end = World.Clock.GetUtcNow() + time;
        while (World.Clock.FireNext(end))
        {
            Settle();
        }

        World.Clock.MoveTo(end);
        Settle();
    });

    /// <summary>Fires the timers of the clock until none is left, as far as a crash has made them late.</summary>
    public void CatchUp() => World.Scheduler.Enter(() =>
    {
        for (var fired = 0; fired < MaximumFailures && World.Clock.FireNext(DateTimeOffset.MaxValue); fired++)
        {
            Settle();
        }
    });

    public PipelineRunner RunnerOf(string pipeline) => Find(pipeline).Runner;

    /// <summary>Has a new process run every task from its committed offset on. The old one commits nothing more.</summary>
    public async Task<bool> RestartAsync()
    {
        foreach (var task in _pipelines.Values.SelectMany(pipeline => pipeline.Tasks))
        {
            await task.StopAsync(abandon: new CancellationToken(canceled: true));
        }

        var node = await StartNodeAsync();
        foreach (var pipeline in _pipelines.Values)
        {
            for (var index = 0; index < pipeline.Tasks.Count; index++)
            {
                pipeline.Tasks[index] = node.RunnerOf(pipeline.Tasks[index].Id);
                pipeline.Tasks[index].Start();
            }
        }

        return true;
    }

    /// <summary>Disposes of the services of all processes. The tasks get no more turns than that takes.</summary>
    public void Stop() => World.Scheduler.Enter(() =>
    {
        var done = World.Scheduler.Start(async () =>
        {
            foreach (var node in _nodes)
            {
                await node.StopAsync();
            }

            return true;
        });
        while (!done.IsCompleted && (World.Scheduler.RunNext() || World.Scheduler.WaitForOtherThreads(MaximumWait)))
        {
        }

        if (done.IsFaulted)
        {
            done.GetAwaiter().GetResult();
        }
    });

    private Pipeline Find(string pipeline) =>
        _pipelines.GetValueOrDefault(pipeline) ?? throw new UnknownPipelineException(pipeline, _pipelines.Keys);

    /// <summary>Gets a status as an operator does. No task gets a turn meanwhile, because the store does not wait.</summary>
    private async ValueTask<PipelineStatus> GetStatusAsync(string pipeline, CancellationToken cancellationToken)
    {
        Gate.IsOpen = true;
        try
        {
            return await Find(pipeline).Runner.GetStatusAsync(cancellationToken);
        }
        finally
        {
            Gate.IsOpen = false;
        }
    }

    private async Task<Node> StartNodeAsync(int? commitBytes = null)
    {
        var node = await Node.StartAsync(_setup, World, Gate, commitBytes);
        _nodes.Add(node);
        return node;
    }

    private async Task TakeOverElsewhereAsync(TaskId task)
    {
        var node = await StartNodeAsync(commitBytes: 1);
        var tasks = Find(task.Pipeline).Tasks;
        var second = node.RunnerOf(task);
        tasks[tasks.FindIndex(runner => runner.Id == task)] = second;
        second.Start();
        var standing = new TaskCompletionSource();
        _standing.Enqueue(standing);
        await standing.Task;
    }

    /// <summary>A crash takes time: steps that run again see a later clock.</summary>
    private void Skew(Call crashed)
    {
        if (crashed.Kind is PipelineCall.Steps or PipelineCall.Deliver or PipelineCall.Commit)
        {
            World.Clock.MoveTo(World.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        }
    }

    private void Settle()
    {
        var failures = 0;
        do
        {
            // (1) Run what can run, in its order.
            while (World.Scheduler.RunNext())
            {
            }
        }
        while (WaitForUserCode() || MoveEngineClock(ref failures) || WakeStanding());

        ThrowIfEnded();
    }

    /// <summary>(2) Waits for a step or a sink that is away on another thread, unless something waits for the test's clock.</summary>
    private bool WaitForUserCode()
    {
        if (!Gate.IsInUserCode || World.Clock.HasTimers)
        {
            return false;
        }

        if (!World.Scheduler.WaitForOtherThreads(MaximumWait))
        {
            var call = Gate.Calls.FindLast(call => call.RunsUserCode);
            throw new PipelineTestException(
                $"A step or a sink has not returned for {MaximumWait.TotalSeconds:0} s; the last call was {call}. A test waits neither for "
                + "the network nor for the real clock: give the step a substitute, or the TimeProvider of its services.");
        }

        return true;
    }

    /// <summary>(3) Moves the engine's clock to its next timer.</summary>
    private bool MoveEngineClock(ref int failures)
    {
        if (!World.EngineClock.FireNext(DateTimeOffset.MaxValue))
        {
            return false;
        }

        var failing = _pipelines.Values.SelectMany(pipeline => pipeline.Tasks).FirstOrDefault(task => task.Progress.Error is not null);
        failures = failing is null ? 0 : failures + 1;
        return failures <= MaximumFailures
            ? true
            : throw new PipelineTestException(
                $"Task {failing!.Id} has tried {MaximumFailures} times, and would try for ever. The last error: {failing.Progress.Error}");
    }

    /// <summary>(4) Wakes an owner that stood still while another took its task over.</summary>
    private bool WakeStanding()
    {
        if (!_standing.TryDequeue(out var standing))
        {
            return false;
        }

        standing.SetResult();
        return true;
    }

    private void ThrowIfEnded()
    {
        var ended = _pipelines.Values.SelectMany(pipeline => pipeline.Tasks).FirstOrDefault(task => !task.IsRunning);
        if (ended is not null && !Gate.HasCrashed)
        {
            throw new PipelineTestException($"Task {ended.Id} has ended: {ended.Error}");
        }
    }

    private sealed record Pipeline(List<TaskRunner> Tasks, PipelineRunner Runner);
}
