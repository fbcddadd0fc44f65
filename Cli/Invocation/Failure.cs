using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>The meaning of an error for the user of the command.</summary>
/// <param name="ExitCode">The exit code of the process.</param>
/// <param name="Message">The fault and its remedy.</param>
internal sealed record Failure(ExitCode ExitCode, string Message)
{
    /// <summary>Returns the meaning of an error; null for an error that only a fault of this program can raise.</summary>
    public static Failure? Of(Exception error) => error switch
    {
        FailedException failed => new(failed.ExitCode, failed.Message),
        UsageException or InvalidTopicNameException or InvalidTopicSettingsException => new(ExitCode.WrongUse, error.Message),
        UnknownTopicException => new(ExitCode.NotFound, error.Message),
        UnknownPartitionException or UnknownPipelineException or UnknownDeadLetterException => new(ExitCode.NotFound, error.Message),
        AccessDeniedException => new(ExitCode.AccessDenied, error.Message),
        StoreUnavailableException or BackpressureException => new(ExitCode.Unreachable, error.Message),
        DeliveryException { InnerException: { } cause } when Of(cause) is { } known => known with { Message = error.Message },
        PipelineException => new(ExitCode.Failed, error.Message),
        IOException or UnauthorizedAccessException => new(ExitCode.Failed, error.Message),
        _ => null,
    };
}
