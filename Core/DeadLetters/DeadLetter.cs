namespace Orleans.Pipeline;

/// <summary>
/// A record that a pipeline gave up, unchanged, with the failure. It stays in the pipeline's dead-letter topic until it is settled
/// (replayed or discarded), or until retention removes it.
/// </summary>
public sealed record DeadLetter
{
    /// <summary>The end of every dead-letter topic's name.</summary>
    public const string TopicSuffix = ".dead-letters";

    /// <summary>The partition of the dead-letter topic.</summary>
    public required int Partition { get; init; }

    /// <summary>The offset in that partition. Partition and offset together identify the dead letter.</summary>
    public required long Offset { get; init; }

    /// <summary>The time when the record was given up; in a dead letter of an early version, the record's own time.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>The record's own time.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The record's key; null if it has none.</summary>
    public required ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>The record's value; null if it has none.</summary>
    public required ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The record's own headers, without those of <see cref="DeadLetterHeaders"/>.</summary>
    public required IReadOnlyList<Header> Headers { get; init; }

    /// <summary>The full name of the error's type, such as <c>System.FormatException</c>.</summary>
    public required string ErrorType { get; init; }

    /// <summary>The error's message, up to 2,048 characters.</summary>
    public required string ErrorMessage { get; init; }

    /// <summary>
    /// The error's stack with its inner errors, up to 8 KiB of UTF-8; a last line says how much was cut. Null if there was no room for it
    /// (see <see cref="DeadLetterHeaders.ErrorStack"/>), or if an early version wrote the dead letter.
    /// </summary>
    public string? ErrorStack { get; init; }

    /// <summary>The step that failed.</summary>
    public required string Step { get; init; }

    /// <summary>The number of attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>The stage that gave the record up.</summary>
    public required string Stage { get; init; }

    /// <summary>The partition that the record was read from.</summary>
    public required TopicPartition Source { get; init; }

    /// <summary>The record's offset there.</summary>
    public required long SourceOffset { get; init; }

    /// <summary>The number of earlier replays; 0 the first time that the record failed.</summary>
    public required int Replays { get; init; }

    /// <summary>Gets the dead letter's place, which identifies it and from which a list can continue.</summary>
    public DeadLetterPosition Position => new(Partition, Offset);
}
