namespace Orleans.Pipeline.Cli.Usage;

/// <summary>An error in the options, the environment or a profile. The message states the remedy.</summary>
internal sealed class UsageException(string message) : PipelineException(message);
