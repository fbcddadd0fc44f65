namespace Orleans.Pipeline;

/// <summary>Raised when a pipeline's definition cannot work. The pipeline was not added.</summary>
public sealed class InvalidPipelineException(string pipeline, string fault) : PipelineException(
    $"Pipeline '{pipeline}' is invalid: {fault}");
