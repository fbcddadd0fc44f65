namespace Orleans.Pipeline;

/// <summary>
/// The headers that a dead letter carries behind those of the original record, all UTF-8 text; and those that its record carries before
/// its own when it is replayed. The key and value are the original's; a dead letter's timestamp is the time when it was given
/// up, so that its retention begins then.
/// </summary>
/// <remarks>
/// A replayed record is appended to the partition that it was read from, with <see cref="ReplayPipeline"/>, <see cref="ReplayStage"/> and
/// <see cref="DeadLetterHeaders.Replays"/> as its first headers. Tasks of other stages and Orleans stream subscribers of the topic skip
/// a replayed record, because they have already processed it. Any other reader of the topic sees it and can recognise it by these
/// headers. Steps do not see them (<c>StepContext.Replays</c> has the number), and they do not travel on into
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

    /// <summary>How often it was tried.</summary>
    public const string Attempts = "dead-letter.attempts";

    /// <summary>The pipeline.</summary>
    public const string Pipeline = "dead-letter.pipeline";

    /// <summary>The stage.</summary>
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
    /// The error's stack with its inner errors, up to 8 KiB; a last line says how much was cut. Missing where the dead letter would pass
    /// the default limits of a record by it, where very many records of a chunk failed, and in dead letters of early versions.
    /// </summary>
    public const string ErrorStack = "dead-letter.error-stack";

    /// <summary>How often the record was replayed before; not there if never. A replayed record has it too.</summary>
    public const string Replays = "dead-letter.replays";

    /// <summary>Of a replayed record: the pipeline that it is meant for.</summary>
    public const string ReplayPipeline = "dead-letter.replay.pipeline";

    /// <summary>Of a replayed record: the stage that it is meant for.</summary>
    public const string ReplayStage = "dead-letter.replay.stage";
}
