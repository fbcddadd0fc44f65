namespace Orleans.Pipeline;

/// <summary>A pipeline's definition cannot work as it stands; it was not added.</summary>
public sealed class InvalidPipelineException(string pipeline, string fault) : PipelineException(
    $"Pipeline '{pipeline}' is not defined rightly: {fault}");
