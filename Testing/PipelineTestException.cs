namespace Orleans.Pipeline.Testing;

/// <summary>Raised when a test asks for what its pipelines do not have, or when a pipeline cannot continue.</summary>
/// <param name="message">What was wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class PipelineTestException(string message, Exception? innerException = null) : PipelineException(message, innerException);
