namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>A failure specific to one command. The message states the remedy.</summary>
internal sealed class FailedException(string message, ExitCode exitCode = ExitCode.Failed) : PipelineException(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}
