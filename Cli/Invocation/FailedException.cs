namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>The command failed in a way of its own; the message says what to do.</summary>
internal sealed class FailedException(string message, ExitCode exitCode = ExitCode.Failed) : PipelineException(message)
{
    /// <summary>How the process ends.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
