namespace Orleans.Pipeline.Cli.Usage;

/// <summary>The command was used wrongly: its options, the environment or a profile. The message says what to do.</summary>
internal sealed class UsageException(string message) : PipelineException(message);
