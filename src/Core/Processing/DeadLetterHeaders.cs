namespace Orleans.Pipeline.Processing;

/// <summary>
/// The headers that a dead letter carries behind those of the original record, all UTF-8 text. The record's key and value are the
/// original's.
/// </summary>
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
}
