namespace Orleans.Pipeline.Testing.Calls;

/// <summary>One call of a task.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Task">The task.</param>
/// <param name="Object">What the call is about, such as a range of offsets.</param>
internal sealed record Call(PipelineCall Kind, TaskId Task, string Object)
{
    /// <summary>Gets whether code of the user runs in the call, which may wait for other threads.</summary>
    public bool RunsUserCode => Kind is PipelineCall.Steps or PipelineCall.OpenSink or PipelineCall.Deliver;

    /// <summary>Returns a range of offsets as text.</summary>
    public static string OffsetsOf(long first, long last) => first == last ? $"offset {first}" : $"offsets {first} to {last}";

    public override string ToString() => Kind switch
    {
        PipelineCall.TakeOver => $"the takeover of task {Task}",
        PipelineCall.Read => $"the read of {Object} by task {Task}",
        PipelineCall.Steps => $"the steps of {Object} of task {Task}",
        PipelineCall.OpenSink => $"the opening of {Object} for task {Task}",
        PipelineCall.Deliver => $"the delivery of {Object} of task {Task}",
        _ => $"the commit of {Object} of task {Task}",
    };
}
