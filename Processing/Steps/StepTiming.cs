namespace Orleans.Pipeline.Steps;

/// <summary>Times the steps of one record of a chunk. A step ends when the record enters another step or has passed them all.</summary>
/// <param name="record">The record's index in the chunk.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class StepTiming(int record, TimeProvider timeProvider)
{
    private readonly List<StepTime> _steps = [];
    private StepTime? _current;
    private long _entered;
    private bool _forgotten;

    public int Record => record;

    /// <summary>The record's steps, in the order of first entry.</summary>
    public IReadOnlyList<StepTime> Steps => _steps;

    public void Enter(string step)
    {
        if (_forgotten)
        {
            return;
        }

        Leave();
        _current = _steps.Find(known => known.Step == step);
        if (_current is null)
        {
            _steps.Add(_current = new StepTime(step, timeProvider.GetUtcNow()));
        }

        _entered = timeProvider.GetTimestamp();
    }

    /// <summary>Drops all times: the record failed, and the waits before its retries belong to no step.</summary>
    public void Forget()
    {
        _forgotten = true;
        _current = null;
        _steps.Clear();
    }

    public void Leave()
    {
        if (_current is not null)
        {
            _current.Duration += timeProvider.GetElapsedTime(_entered);
            _current = null;
        }
    }
}

internal sealed class StepTime(string step, DateTimeOffset beganAt)
{
    public string Step => step;

    public DateTimeOffset BeganAt => beganAt;

    /// <summary>The total time: a step that yields several values is entered again after each.</summary>
    public TimeSpan Duration { get; set; }
}
