namespace Orleans.Pipeline;

/// <summary>Raised when no pipeline of a name is defined in the engine.</summary>
public sealed class UnknownPipelineException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The name that was asked for.</param>
    /// <param name="known">The names of the pipelines that are defined.</param>
    public UnknownPipelineException(string pipeline, IEnumerable<string> known)
        : this($"Pipeline '{pipeline}' does not exist. {Known(known)}")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal UnknownPipelineException(string message)
        : base(message)
    {
    }

    private static string Known(IEnumerable<string> known)
    {
        var names = string.Join("', '", known);
        return names.Length == 0 ? "No pipeline is defined here." : $"Defined here: '{names}'.";
    }
}

/// <summary>Raised when a seek names a stage, partition or offset that does not exist. Nothing was moved.</summary>
public sealed class InvalidSeekException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="fault">What does not exist.</param>
    public InvalidSeekException(string pipeline, string fault)
        : this($"Pipeline '{pipeline}' was not moved: {fault}")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal InvalidSeekException(string message)
        : base(message)
    {
    }
}

/// <summary>Raised when a request needs a running pipeline and the pipeline is paused.</summary>
public sealed class PipelinePausedException(string pipeline) : PipelineException(
    $"Pipeline '{pipeline}' is paused, so it cannot drain. Resume it first.");

/// <summary>
/// Raised when the silo of a pipeline does not answer an operator's request in time. The request may still take effect.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="request">The request: <c>pause</c>, <c>resume</c>, <c>seek</c> or <c>drain</c>.</param>
/// <param name="cause">The error that ended the call.</param>
public sealed class PipelineUnansweredException(string pipeline, string request, Exception cause) : PipelineException(
    $"Pipeline '{pipeline}' did not answer the {request} in time: {cause.Message} The {request} continues and may still take effect. "
    + "Look at the pipeline's status before asking again.", cause);

/// <summary>Raised when a pipeline or stage is to be let go of that a host defines, or may define. Nothing was changed.</summary>
public sealed class PipelineDefinedException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="reason">Which host defines what, and what to do, in a sentence.</param>
    public PipelineDefinedException(string pipeline, string reason)
        : this($"The checkpoints of pipeline '{pipeline}' stay: {reason}")
    {
    }

    /// <summary>Rebuilds an error that came over the wire.</summary>
    internal PipelineDefinedException(string message)
        : base(message)
    {
    }
}
