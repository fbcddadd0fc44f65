using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Problems;

internal static class ProblemCatalog
{
    private const long RetryMs = 1000;

    public static Problem Of(Exception error) => error switch
    {
        UnknownTopicException => ProblemKinds.UnknownTopic.With(error.Message),
        UnknownPartitionException unknown =>
            ProblemKinds.UnknownPartition.With(error.Message) with { Partition = unknown.Partition.Partition },
        UnknownPipelineException => ProblemKinds.UnknownPipeline.With(error.Message),
        UnknownDeadLetterException => ProblemKinds.UnknownDeadLetter.With(error.Message),
        InvalidTopicNameException => ProblemKinds.InvalidTopicName.With(error.Message),
        InvalidTopicSettingsException => ProblemKinds.InvalidTopicSettings.With(error.Message),
        InvalidRecordBatchException => ProblemKinds.InvalidRecordBatch.With(error.Message),
        InvalidRecordException => ProblemKinds.InvalidRecord.With(error.Message),
        InvalidLineException line =>
            ProblemKinds.InvalidRecord.With(error.Message) with { Line = line.Line, AcceptedLines = line.AcceptedLines },
        InterruptedUploadException { InnerException: { } cause } interrupted =>
            Of(cause) with { Detail = error.Message, AcceptedLines = interrupted.AcceptedLines },
        InvalidSeekException or TaskSourceChangedException => ProblemKinds.InvalidSeek.With(error.Message),
        InvalidRequestException => ProblemKinds.InvalidRequest.With(error.Message),
        OffsetOutOfRangeException outOfRange => ProblemKinds.OffsetOutOfRange.With(error.Message) with
        {
            Partition = outOfRange.Partition.Partition,
            Offset = outOfRange.Offset,
            Start = outOfRange.Start,
            End = outOfRange.End,
        },
        TopicExistsException => ProblemKinds.TopicExists.With(error.Message),
        TopicInUseException => ProblemKinds.TopicInUse.With(error.Message),
        TopicReplacedException => ProblemKinds.TopicReplaced.With(error.Message),
        SequenceGapException gap => ProblemKinds.SequenceGap.With(error.Message) with { ExpectedSequence = gap.Expected },
        DuplicateSequenceException => ProblemKinds.DuplicateSequence.With(error.Message),
        ProducerFencedException => ProblemKinds.ProducerFenced.With(error.Message),
        RecordsSettledException => ProblemKinds.DeadLetterSettled.With(error.Message),
        DeadLetterReplayException replay => ProblemKinds.DeadLetterUnreplayable.With(error.Message) with { Replayed = replay.Replayed },
        PipelineDefinedException => ProblemKinds.PipelineDefined.With(error.Message),
        PipelinePausedException => ProblemKinds.PipelinePaused.With(error.Message),
        PipelineUnansweredException => ProblemKinds.PipelineUnanswered.With(error.Message),
        BackpressureException pushedBack => ProblemKinds.Backpressure.With(error.Message) with
        {
            RetryAfterMs = (long)Math.Ceiling(pushedBack.RetryAfter.TotalMilliseconds),
        },
        StoreUnavailableException => ProblemKinds.StoreUnavailable.With(error.Message) with { RetryAfterMs = RetryMs },
        OverloadedException => Overloaded(error.Message),
        StalledUploadException => ProblemKinds.RequestTimeout.With(error.Message),
        HostStoppingException => ProblemKinds.HostStopping.With(error.Message) with { RetryAfterMs = RetryMs },
        RequestTooLargeException => TooLarge(error.Message),
        UnsupportedContentTypeException => UnsupportedContentType(error.Message),
        UnsupportedContentEncodingException => ProblemKinds.UnsupportedContentEncoding.With(error.Message),
        BadHttpRequestException { StatusCode: 413 } => TooLarge(error.Message),
        BadHttpRequestException { StatusCode: 415 } => UnsupportedContentType(error.Message),
        BadHttpRequestException { StatusCode: 408 } => TooSlow(),
        _ when IsChunkTooLarge(error) => ProblemKinds.InvalidRequest.With("A chunk of the request's body has a length that is too large "
            + "to be valid."),
        BadHttpRequestException => ProblemKinds.InvalidRequest.With(error.Message),
        _ => ProblemKinds.InternalError.With("The gateway failed to process this request. Its log has the cause."),
    };

    /// <summary>Whether an error is the client's fault. Such an error is not reported to the operator.</summary>
    public static bool IsOfClient(Exception error) => error is PipelineException or BadHttpRequestException || IsChunkTooLarge(error);

    public static Problem Of(int status, HttpRequest request) => status switch
    {
        400 when UnreadableParameter.Find(request) is { } fault => ProblemKinds.InvalidRequest.With(fault),
        401 => ProblemKinds.Unauthenticated.With(RefusalOf(request)),
        403 => ProblemKinds.Forbidden.With(RefusalOf(request)),
        404 => ProblemKinds.NotFound.With($"'{request.Path}' does not exist. The API is described at /openapi/v1.json."),
        405 => ProblemKinds.MethodNotAllowed.With($"'{request.Path}' does not support {request.Method}. The Allow header lists the "
            + $"supported methods."),
        408 => TooSlow(),
        413 => TooLarge($"The body of '{request.Path}' is over its limit."),
        431 => ProblemKinds.HeadersTooLarge.With("The request's headers are over their limit. Send fewer or smaller ones."),
        415 => UnsupportedContentType($"'{request.Path}' does not support the content type '{request.ContentType}'. The supported types "
            + $"are described at /openapi/v1.json."),
        _ => ProblemKinds.Other(status).With($"'{request.Path}' was answered with status {status}."),
    };

    /// <summary>
    /// Whether an error is a chunk whose length is too large. Kestrel reports every other fault of a chunk as a bad request.
    /// </summary>
    private static bool IsChunkTooLarge(Exception error) => error is IOException { InnerException: OverflowException };

    private static string RefusalOf(HttpRequest request) =>
        request.HttpContext.Features.Get<AccessRefusal>()?.Detail ?? "The host refused the request.";

    public static Problem Overloaded(string detail) => ProblemKinds.Overloaded.With(detail) with { RetryAfterMs = RetryMs };

    private static Problem TooSlow() => ProblemKinds.RequestTimeout.With("The request's body arrived too slowly. Send it faster, or in "
        + "smaller parts.");

    private static Problem TooLarge(string detail) => ProblemKinds.RequestTooLarge.With(detail);

    private static Problem UnsupportedContentType(string detail) => ProblemKinds.UnsupportedContentType.With(detail);
}
