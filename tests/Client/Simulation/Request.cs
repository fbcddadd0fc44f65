namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>An append under way in the simulated log.</summary>
internal sealed class Request(int partition, RecordBatch batch)
{
    private AppendResult _result;

    public int Partition { get; } = partition;

    public RecordBatch Batch { get; } = batch;

    /// <summary>Whether the caller no longer waits for the answer.</summary>
    public bool IsAbandoned { get; set; }

    public bool HasArrived { get; private set; }

    public Exception? Error { get; private set; }

    public TaskCompletionSource<AppendResult> Answered { get; } = new();

    /// <summary>Lets it have its effect.</summary>
    public void Arrive(Func<AppendResult> append)
    {
        HasArrived = true;
        try
        {
            _result = append();
        }
        catch (PipelineException refused)
        {
            Error = refused;
        }
    }

    /// <summary>Puts an error in the place of the answer.</summary>
    public void Lose(Exception? error) => Error = error ?? Error;

    /// <summary>Gives the answer to who waits for it.</summary>
    public void Complete()
    {
        if (Error is { } error)
        {
            Answered.SetException(error);
        }
        else
        {
            Answered.SetResult(_result);
        }
    }
}
