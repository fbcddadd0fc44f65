namespace Orleans.Pipeline;

/// <summary>Raised when bytes from outside are not a valid record batch.</summary>
public sealed class InvalidRecordBatchException(string fault) : PipelineException($"The record batch was refused: {fault}")
{
    /// <summary>The message without its introduction.</summary>
    internal string Fault { get; } = fault;
}
