namespace Orleans.Pipeline;

/// <summary>Bytes from outside are not a valid record batch.</summary>
public sealed class InvalidRecordBatchException(string fault) : PipelineException($"The record batch was refused: {fault}")
{
    /// <summary>What is wrong with them, without the introduction.</summary>
    internal string Fault { get; } = fault;
}
