namespace Orleans.Pipeline.Wire;

/// <summary>The codes of problems. Programs depend on them, so a code never changes.</summary>
internal static class ProblemCodes
{
    public const string Backpressure = "backpressure";
    public const string DeadLetterSettled = "dead-letter-settled";
    public const string DeadLetterUnreplayable = "dead-letter-unreplayable";
    public const string DuplicateSequence = "duplicate-sequence";
    public const string Forbidden = "forbidden";
    public const string HeadersTooLarge = "headers-too-large";
    public const string HostStopping = "host-stopping";
    public const string InternalError = "internal-error";
    public const string InvalidRecord = "invalid-record";
    public const string InvalidRecordBatch = "invalid-record-batch";
    public const string InvalidRequest = "invalid-request";
    public const string InvalidSeek = "invalid-seek";
    public const string InvalidTopicName = "invalid-topic-name";
    public const string InvalidTopicSettings = "invalid-topic-settings";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string NotFound = "not-found";
    public const string OffsetOutOfRange = "offset-out-of-range";
    public const string Overloaded = "overloaded";
    public const string PipelineDefined = "pipeline-defined";
    public const string PipelinePaused = "pipeline-paused";
    public const string PipelineUnanswered = "pipeline-unanswered";
    public const string ProducerFenced = "producer-fenced";
    public const string RateLimited = "rate-limited";
    public const string RequestTimeout = "request-timeout";
    public const string RequestTooLarge = "request-too-large";
    public const string SequenceGap = "sequence-gap";
    public const string StoreUnavailable = "store-unavailable";
    public const string TopicExists = "topic-exists";
    public const string TopicInUse = "topic-in-use";
    public const string TopicReplaced = "topic-replaced";
    public const string Unauthenticated = "unauthenticated";
    public const string UnknownDeadLetter = "unknown-dead-letter";
    public const string UnknownPartition = "unknown-partition";
    public const string UnknownPipeline = "unknown-pipeline";
    public const string UnknownTopic = "unknown-topic";
    public const string UnsupportedContentEncoding = "unsupported-content-encoding";
    public const string UnsupportedContentType = "unsupported-content-type";
}
