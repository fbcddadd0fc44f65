namespace Orleans.Pipeline;

/// <summary>
/// The headers of dead letters and of replayed records, all UTF-8 text. A dead letter has the original record's key, value and headers,
/// and then its own headers. Its timestamp is the time when the record was given up, so that its retention begins then.
/// </summary>
/// <remarks>
/// A replayed record is appended to the partition that it was read from, with <see cref="ReplayPipeline"/>, <see cref="ReplayStage"/> and
/// <see cref="DeadLetterHeaders.Replays"/> as its first headers. Tasks of other stages and Orleans stream subscribers of the topic skip
/// a replayed record, because they have already processed it. Any other reader of the topic sees it and can recognise it by these
/// headers. Steps do not see them (<c>StepContext.Replays</c> has the number), and sinks do not copy them into
/// other topics.
/// </remarks>
public static class DeadLetterHeaders
{
    /// <summary>The full name of the error's type.</summary>
    public const string ErrorType = "dead-letter.error-type";

    /// <summary>The error's message, up to 2,048 characters.</summary>
    public const string ErrorMessage = "dead-letter.error-message";

    /// <summary>The step that failed.</summary>
    public const string Step = "dead-letter.step";

    /// <summary>The number of attempts.</summary>
    public const string Attempts = "dead-letter.attempts";

    /// <summary>The pipeline that gave the record up.</summary>
    public const string Pipeline = "dead-letter.pipeline";

    /// <summary>The stage that gave the record up.</summary>
    public const string Stage = "dead-letter.stage";

    /// <summary>The topic that the record was read from.</summary>
    public const string Topic = "dead-letter.topic";

    /// <summary>The partition that the record was read from.</summary>
    public const string Partition = "dead-letter.partition";

    /// <summary>The record's offset there.</summary>
    public const string Offset = "dead-letter.offset";

    /// <summary>The record's own time, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public const string Timestamp = "dead-letter.timestamp";

    /// <summary>
    /// The error's stack with its inner errors, up to 8 KiB; a last line says how much was cut. Missing if the dead letter would exceed
    /// the default limits of a record with it, if very many records of a chunk failed, or if an early version wrote the dead letter.
    /// </summary>
    public const string ErrorStack = "dead-letter.error-stack";

    /// <summary>The number of earlier replays; missing if there were none. A replayed record has this header too.</summary>
    public const string Replays = "dead-letter.replays";

    /// <summary>The pipeline for which a record is replayed.</summary>
    public const string ReplayPipeline = "dead-letter.replay.pipeline";

    /// <summary>The stage for which a record is replayed.</summary>
    public const string ReplayStage = "dead-letter.replay.stage";
}
