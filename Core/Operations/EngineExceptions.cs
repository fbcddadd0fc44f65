namespace Orleans.Pipeline;

/// <summary>No pipeline of that name is defined here.</summary>
public sealed class UnknownPipelineException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The name asked for.</param>
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

/// <summary>A seek names a stage, partition or offset that is not there. Nothing was moved.</summary>
public sealed class InvalidSeekException : PipelineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="fault">What is not there.</param>
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

/// <summary>A paused pipeline was asked for what only a running one can do.</summary>
public sealed class PipelinePausedException(string pipeline) : PipelineException(
    $"Pipeline '{pipeline}' is paused, so it cannot drain. Resume it first.");

/// <summary>
/// The silo that has a pipeline did not answer an operator's request in time. The request is not withdrawn: it may still take effect.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="request">What was asked: <c>pause</c>, <c>resume</c>, <c>seek</c> or <c>drain</c>.</param>
/// <param name="cause">What happened to the call.</param>
public sealed class PipelineUnansweredException(string pipeline, string request, Exception cause) : PipelineException(
    $"Pipeline '{pipeline}' did not answer the {request} in time: {cause.Message} The {request} goes on and may still take effect. "
    + "Look at the pipeline's status before asking again.", cause);
