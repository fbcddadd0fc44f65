namespace Orleans.Pipeline.Testing;

/// <summary>
/// Raised when a crashed run of a test ends otherwise than the undisturbed one. The message says where the crash was and what differs.
/// </summary>
public sealed class CrashDifferenceException : PipelineException
{
    internal CrashDifferenceException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the number of the run, to repeat it alone; null if a run without a crash differs.</summary>
    public int? Run { get; internal init; }

    /// <summary>Gets the place of the crash and what happened there; null if a run without a crash differs.</summary>
    public string? Place { get; internal init; }

    /// <summary>Gets the differences from the undisturbed run, one a sentence.</summary>
    public IReadOnlyList<string> Differences { get; internal init; } = [];

    /// <summary>Gets the values that a sink was given more often than in the undisturbed run, one a sentence.</summary>
    public IReadOnlyList<string> CameAgain { get; internal init; } = [];
}
