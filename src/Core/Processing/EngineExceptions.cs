namespace Orleans.Pipeline.Processing;

/// <summary>No pipeline of that name is defined here.</summary>
public sealed class UnknownPipelineException(string pipeline, IEnumerable<string> known) : PipelineException(
    $"Pipeline '{pipeline}' does not exist. {Known(known)}")
{
    private static string Known(IEnumerable<string> known)
    {
        var names = string.Join("', '", known);
        return names.Length == 0 ? "No pipeline is defined here." : $"Defined here: '{names}'.";
    }
}

/// <summary>A seek names a stage, partition or offset that is not there. Nothing was moved.</summary>
public sealed class InvalidSeekException(string pipeline, string fault) : PipelineException(
    $"Pipeline '{pipeline}' was not moved: {fault}");

/// <summary>A paused pipeline was asked for what only a running one can do.</summary>
public sealed class PipelinePausedException(string pipeline) : PipelineException(
    $"Pipeline '{pipeline}' is paused, so it cannot drain. Resume it first.");
