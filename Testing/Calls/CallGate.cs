namespace Orleans.Pipeline.Testing.Calls;

/// <summary>Every call of a task to the store, the workers and the sinks passes here, where it may meet a fault.</summary>
internal sealed class CallGate
{
    private readonly List<OrderedFault> _ordered = [];
    private int _userCalls;

    /// <summary>Gets the calls so far, in their order.</summary>
    public List<Call> Calls { get; } = [];

    /// <summary>Gets the deliveries that reached a sink, with those that came again.</summary>
    public List<SinkDelivery> Deliveries { get; } = [];

    /// <summary>The fault of a crashed run: at which call, and which; null for none.</summary>
    public (int Place, Fault Fault)? Plan { get; init; }

    /// <summary>Has another process take a task over; completes when that process has nothing left to do.</summary>
    public required Func<TaskId, Task> TakeOverElsewhere { get; init; }

    /// <summary>Called when the planned fault happens, with its call.</summary>
    public required Action<Call> Crashed { get; init; }

    /// <summary>Whether calls pass without a fault and are not counted, because an operator makes them and not a task.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Gets whether the planned fault has happened.</summary>
    public bool HasCrashed { get; private set; }

    /// <summary>Gets whether a step or a sink has not returned yet.</summary>
    public bool IsInUserCode => Volatile.Read(ref _userCalls) > 0;

    /// <summary>Lets the next calls of a kind fail, or lose their answers.</summary>
    public void Order(PipelineCall call, bool losesAnswer, int times, Exception? error) =>
        _ordered.Add(new(call, losesAnswer ? Fault.LosesAnswer : Fault.Fails, error) { Left = times });

    public async ValueTask<T> PassAsync<T>(Call call, Func<ValueTask<T>> effect)
    {
        if (IsOpen)
        {
            return await effect();
        }

        var place = Calls.Count;
        Calls.Add(call);
        var ordered = TakeOrdered(call.Kind);
        if (ordered is null && Plan is { } plan && plan.Place == place)
        {
            HasCrashed = true;
            Crashed(call);
            ordered = new(call.Kind, plan.Fault, Error: null);
        }

        switch (ordered?.Fault)
        {
            case null:
                return await MakeAsync(call, effect);
            case Fault.Fails:
                throw ordered.Error ?? ErrorOf(call, "failed before it took effect");
            case Fault.LosesAnswer:
                await MakeAsync(call, effect);
                throw ordered.Error ?? ErrorOf(call, "took effect, but its answer was lost");
            case Fault.Repeats:
                await MakeAsync(call, effect);
                return await MakeAsync(call, effect);
            case Fault.SecondOwnerBefore:
                await TakeOverElsewhere(call.Task);
                return await MakeAsync(call, effect);
            default:
                var answer = await MakeAsync(call, effect);
                await TakeOverElsewhere(call.Task);
                return answer;
        }
    }

    private static Exception ErrorOf(Call call, string what)
    {
        var sentence = $"The test decided that {call} {what}.";
        return call.Kind is PipelineCall.TakeOver or PipelineCall.Read or PipelineCall.Commit
            ? new StoreUnavailableException(sentence)
            : new TimeoutException(sentence);
    }

    private async ValueTask<T> MakeAsync<T>(Call call, Func<ValueTask<T>> effect)
    {
        if (!call.RunsUserCode)
        {
            return await effect();
        }

        Interlocked.Increment(ref _userCalls);
        try
        {
            return await effect();
        }
        finally
        {
            Interlocked.Decrement(ref _userCalls);
        }
    }

    private OrderedFault? TakeOrdered(PipelineCall kind)
    {
        var ordered = _ordered.Find(fault => fault.Call == kind);
        if (ordered is not null && --ordered.Left == 0)
        {
            _ordered.Remove(ordered);
        }

        return ordered;
    }

    private sealed record OrderedFault(PipelineCall Call, Fault Fault, Exception? Error)
    {
        public int Left { get; set; }
    }
}

/// <summary>A value that reached a sink.</summary>
/// <param name="Sink">The sink's name.</param>
/// <param name="Task">The task that delivered it.</param>
/// <param name="Offset">The offset of its record.</param>
/// <param name="Value">The value.</param>
internal sealed record SinkDelivery(string Sink, TaskId Task, long Offset, object? Value);
