using System.Net;

namespace Orleans.Pipeline.Client.Http;

/// <summary>An error as the gateway writes it: RFC 9457 problem details with a stable code.</summary>
internal sealed record Problem(
    string? Code, string? Detail, int? ExpectedSequence, int? Partition, long? Offset, long? Start, long? End, long? Replayed, long? RetryAfterMs)
{
    /// <summary>What is known when an answer carries no problem details.</summary>
    public static Problem Unknown { get; } = new(
        Code: null, Detail: null, ExpectedSequence: null, Partition: null, Offset: null, Start: null, End: null, Replayed: null, RetryAfterMs: null);

    /// <summary>Rebuilds the exception that the log or the engine threw behind the gateway.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="request">What was asked, for the exception's properties.</param>
    /// <param name="isOnlyGateway">Whether there is no other gateway to turn to, so that what this one says of waiting holds.</param>
    public PipelineException ToException(HttpStatusCode status, WireRequest request, bool isOnlyGateway)
    {
        var retryAfter = RetryAfterMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan?)null;
        var message = Detail ?? $"{request} was answered with status {(int)status}.";
        var partition = request.Source with { Partition = Partition ?? request.Source.Partition };
        return Code switch
        {
            "unknown-topic" => new UnknownTopicException(request.Source.Topic),
            "unknown-partition" => new UnknownPartitionException(partition, message),
            "sequence-gap" => new SequenceGapException(request.Source, request.Batch.ProducerId, ExpectedSequence ?? 0, request.Batch.BaseSequence),
            "duplicate-sequence" => new DuplicateSequenceException(request.Source, request.Batch.ProducerId, request.Batch.BaseSequence),
            "producer-fenced" => new ProducerFencedException(message),
            "offset-out-of-range" => new OffsetOutOfRangeException(partition, Offset ?? request.Offset, Start ?? 0, End ?? 0),
            "backpressure" => new BackpressureException(request.Source.Topic, retryAfter ?? TimeSpan.Zero, message),
            "topic-exists" => new TopicExistsException(message),
            "topic-in-use" => new TopicInUseException(message),
            "invalid-topic-settings" => new InvalidTopicSettingsException(message),
            "unknown-dead-letter" => new UnknownDeadLetterException(message),
            "dead-letter-settled" => new RecordsSettledException(message),
            "dead-letter-unreplayable" => new DeadLetterReplayException(message, Replayed ?? 0),
            "unknown-pipeline" => new UnknownPipelineException(message),
            "invalid-seek" => new InvalidSeekException(message),
            "pipeline-paused" => new PipelinePausedException(request.Pipeline!),
            "rate-limited" or "overloaded" =>
                new BackpressureException(request.Source.Topic, retryAfter ?? TimeSpan.Zero, message),
            _ when status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new AccessDeniedException(isAuthenticated: status == HttpStatusCode.Forbidden, message),
            _ when status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests =>
                new StoreUnavailableException(message) { RetryAfter = isOnlyGateway ? retryAfter : null },
            _ => new PipelineRequestException(status, Code, message),
        };
    }
}
