using System.Text.Json;

namespace Orleans.Pipeline;

/// <summary>The rules for retrying a record whose step failed.</summary>
public sealed record RetrySettings
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromDays(1);

    /// <summary>The most attempts for a record, the first included. Default 4; 1 never retries.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The wait before the second attempt, doubled before each further one, with jitter. Default 100 ms.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two attempts. Default 10 s.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Returns whether an error may go away by itself. Default: every error except those that blame the record or the code
    /// (<see cref="PermanentException"/>, <see cref="FormatException"/>, <see cref="JsonException"/>, and the framework's argument,
    /// arithmetic, cast, index, key, null-reference and not-supported errors).
    /// </summary>
    public Func<Exception, bool> IsTransient { get; init; } = static error => error is not (
        PermanentException or FormatException or JsonException or ArgumentException or ArithmeticException or InvalidCastException
        or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException or NotSupportedException
        or NotImplementedException);

    internal string? Fault() => this switch
    {
        { Attempts: < 1 } => $"{nameof(Attempts)} is {Attempts}; give 1 or more.",
        _ when Delay < TimeSpan.Zero || Delay > MaximumWait => $"{nameof(Delay)} is {Delay}; give zero to one day.",
        _ when MaximumDelay < Delay || MaximumDelay > MaximumWait =>
            $"{nameof(MaximumDelay)} is {MaximumDelay}; give {Delay}, which is the delay, to one day.",
        _ => null,
    };
}
