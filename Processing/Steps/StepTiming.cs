namespace Orleans.Pipeline.Steps;

/// <summary>Times the steps of one record of a chunk: it is in a step until it enters another, or has come through.</summary>
/// <param name="record">Which record of the chunk.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class StepTiming(int record, TimeProvider timeProvider)
{
    private readonly List<StepTime> _steps = [];
    private StepTime? _current;
    private long _entered;
    private bool _forgotten;

    public int Record => record;

    /// <summary>The steps that the record was in, in the order in which it first entered them.</summary>
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

    /// <summary>Forgets it all: the record failed, and may be tried again after waits that are no step's.</summary>
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

/// <summary>The time that a record spent in a step.</summary>
internal sealed class StepTime(string step, DateTimeOffset beganAt)
{
    public string Step => step;

    /// <summary>When it entered it first.</summary>
    public DateTimeOffset BeganAt => beganAt;

    /// <summary>How long it was there in all: a step that yields several values is entered again after each.</summary>
    public TimeSpan Duration { get; set; }
}
