using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.DeadLetters;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Processing;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>Which problem each error and each bare status becomes.</summary>
internal static class ProblemCatalog
{
    private const long RetryMs = 1000;

    public static Problem Of(Exception error) => error switch
    {
        UnknownTopicException => Problem.Of(404, "unknown-topic", "Unknown topic", error.Message),
        UnknownPartitionException unknown => Problem.Of(404, "unknown-partition", "Unknown partition", error.Message)
            with { Partition = unknown.Partition.Partition },
        UnknownPipelineException => Problem.Of(404, "unknown-pipeline", "Unknown pipeline", error.Message),
        UnknownDeadLetterException => Problem.Of(404, "unknown-dead-letter", "Unknown dead letter", error.Message),
        InvalidTopicNameException => Problem.Of(400, "invalid-topic-name", "Invalid topic name", error.Message),
        InvalidTopicSettingsException => Problem.Of(400, "invalid-topic-settings", "Invalid topic settings", error.Message),
        InvalidRecordBatchException => Problem.Of(400, "invalid-record-batch", "Invalid record batch", error.Message),
        InvalidRecordException => Problem.Of(400, "invalid-record", "Invalid record", error.Message),
        InvalidLineException line => Problem.Of(400, "invalid-record", "Invalid record", error.Message)
            with { Line = line.Line, AcceptedLines = line.AcceptedLines },
        InterruptedUploadException { InnerException: { } cause } interrupted => Of(cause)
            with { Detail = error.Message, AcceptedLines = interrupted.AcceptedLines },
        InvalidSeekException => Problem.Of(400, "invalid-seek", "Invalid seek", error.Message),
        InvalidRequestException => Problem.Of(400, "invalid-request", "Invalid request", error.Message),
        OffsetOutOfRangeException outOfRange => Problem.Of(400, "offset-out-of-range", "Offset out of range", error.Message)
            with { Partition = outOfRange.Partition.Partition, Offset = outOfRange.Offset, Start = outOfRange.Start, End = outOfRange.End },
        TopicExistsException => Problem.Of(409, "topic-exists", "Topic exists", error.Message),
        TopicInUseException => Problem.Of(409, "topic-in-use", "Topic in use", error.Message),
        SequenceGapException gap => Problem.Of(409, "sequence-gap", "Sequence gap", error.Message) with { ExpectedSequence = gap.Expected },
        DuplicateSequenceException => Problem.Of(409, "duplicate-sequence", "Duplicate sequence", error.Message),
        ProducerFencedException => Problem.Of(409, "producer-fenced", "Producer fenced", error.Message),
        RecordsSettledException => Problem.Of(409, "dead-letter-settled", "Dead letter settled", error.Message),
        DeadLetterReplayException replay => Problem.Of(409, "dead-letter-unreplayable", "Dead letter not replayable", error.Message)
            with { Replayed = replay.Replayed },
        PipelinePausedException => Problem.Of(409, "pipeline-paused", "Pipeline paused", error.Message),
        BackpressureException pushedBack => Problem.Of(429, "backpressure", "Pushed back", error.Message)
            with { RetryAfterMs = (long)Math.Ceiling(pushedBack.RetryAfter.TotalMilliseconds) },
        StoreUnavailableException => Problem.Of(503, "store-unavailable", "Store unavailable", error.Message) with { RetryAfterMs = RetryMs },
        OverloadedException => Overloaded(error.Message),
        HostStoppingException => Problem.Of(503, "host-stopping", "Host stopping", error.Message) with { RetryAfterMs = RetryMs },
        RequestTooLargeException => TooLarge(error.Message),
        UnsupportedContentTypeException => UnsupportedContentType(error.Message),
        UnsupportedContentEncodingException => Problem.Of(415, "unsupported-content-encoding", "Unsupported content encoding", error.Message),
        BadHttpRequestException { StatusCode: 413 } => TooLarge(error.Message),
        BadHttpRequestException { StatusCode: 415 } => UnsupportedContentType(error.Message),
        BadHttpRequestException { StatusCode: 408 } => TooSlow(),
        _ when IsChunkTooLarge(error) => Problem.Of(400, "invalid-request", "Invalid request", "A chunk of the request's body claims more bytes than there are numbers for."),
        BadHttpRequestException => Problem.Of(400, "invalid-request", "Invalid request", error.Message),
        _ => Problem.Of(500, "internal-error", "Internal error", "The gateway failed on this request; its log says why."),
    };

    /// <summary>Whether an error is the client's, so that the operator need not hear of it.</summary>
    public static bool IsOfClient(Exception error) => error is PipelineException or BadHttpRequestException || IsChunkTooLarge(error);

    public static Problem Of(int status, HttpRequest request) => status switch
    {
        401 => Problem.Of(401, "unauthenticated", "Unauthenticated", RefusalOf(request)),
        403 => Problem.Of(403, "forbidden", "Forbidden", RefusalOf(request)),
        404 => Problem.Of(404, "not-found", "Not found", $"There is nothing at '{request.Path}'. The API is described at /openapi/v1.json."),
        405 => Problem.Of(405, "method-not-allowed", "Method not allowed", $"'{request.Path}' does not take {request.Method}; the Allow header says what it takes."),
        408 => TooSlow(),
        413 => TooLarge($"The body of '{request.Path}' is over its limit."),
        431 => Problem.Of(431, "headers-too-large", "Headers too large", "The request's headers are over their limit. Send fewer or smaller ones."),
        415 => UnsupportedContentType($"'{request.Path}' does not take the content type '{request.ContentType}'. What it takes is described at /openapi/v1.json."),
        _ => Problem.Of(status, $"http-{status}", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), $"'{request.Path}' was answered with status {status}."),
    };

    /// <summary>Kestrel reports every other fault of a chunk as a bad request.</summary>
    private static bool IsChunkTooLarge(Exception error) => error is IOException { InnerException: OverflowException };

    private static string RefusalOf(HttpRequest request) => request.HttpContext.Features.Get<AccessRefusal>()?.Detail ?? "The host refused the request.";

    /// <summary>The gateway is busy with as much as it takes.</summary>
    public static Problem Overloaded(string detail) => Problem.Of(503, "overloaded", "Overloaded", detail) with { RetryAfterMs = RetryMs };

    private static Problem TooSlow() => Problem.Of(408, "request-timeout", "Request timeout", "The request's body came in too slowly. Send it faster, or in smaller parts.");

    private static Problem TooLarge(string detail) => Problem.Of(413, "request-too-large", "Request too large", detail);

    private static Problem UnsupportedContentType(string detail) => Problem.Of(415, "unsupported-content-type", "Unsupported content type", detail);
}
