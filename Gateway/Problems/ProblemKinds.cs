using Microsoft.AspNetCore.WebUtilities;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Problems;

internal static class ProblemKinds
{
    public static readonly ProblemKind InvalidRecord = new(400, ProblemCodes.InvalidRecord, "Invalid record",
        "Line 3 was refused, so nothing was appended: it is not one JSON value: 'n' is an invalid start of a value. (byte 1)");
    public static readonly ProblemKind InvalidRecordBatch = new(400, ProblemCodes.InvalidRecordBatch, "Invalid record batch",
        "The record batch was refused: its CRC-32C is 1b2d3c4e, but it should be 5f6a7b8c.");
    public static readonly ProblemKind InvalidRequest = new(
        400, ProblemCodes.InvalidRequest, "Invalid request", "'waitMs' is -1; give 0 or more.");
    public static readonly ProblemKind InvalidSeek = new(
        400, ProblemCodes.InvalidSeek, "Invalid seek", "A seek to an offset needs a partition.");
    public static readonly ProblemKind InvalidTopicName = new(400, ProblemCodes.InvalidTopicName, "Invalid topic name",
        "'Orders' is not a topic name: it starts with 'O'. Use 1 to 128 lower-case letters, digits, '.', '_' or '-', starting with a "
            + "letter or digit.");
    public static readonly ProblemKind InvalidTopicSettings = new(400, ProblemCodes.InvalidTopicSettings, "Invalid topic settings",
        "The settings of topic 'orders' are not valid: partitions is 0; give 1 to 1024.");
    public static readonly ProblemKind OffsetOutOfRange = new(400, ProblemCodes.OffsetOutOfRange, "Offset out of range",
        "Offset 20 of partition orders/0 is out of range: it holds 0 to 17 (exclusive). Read from within that range.");
    public static readonly ProblemKind Unauthenticated = new(401, ProblemCodes.Unauthenticated, "Unauthenticated",
        "The request has no credentials. Send an API key in the header X-Api-Key or a token as Authorization: Bearer.");
    public static readonly ProblemKind Forbidden = new(
        403, ProblemCodes.Forbidden, "Forbidden", "'till' may produce; this needs consume.");
    public static readonly ProblemKind NotFound = new(404, ProblemCodes.NotFound, "Not found", "'/v1/nothing' does not exist. The API is "
        + "described at /openapi/v1.json.");
    public static readonly ProblemKind UnknownDeadLetter = new(404, ProblemCodes.UnknownDeadLetter, "Unknown dead letter",
        "There is no unsettled dead letter at revenue.dead-letters/0, offset 17.");
    public static readonly ProblemKind UnknownPartition = new(404, ProblemCodes.UnknownPartition, "Unknown partition",
        "Topic 'orders' has 8 partitions; partition 9 does not exist. Give 0 to 7.");
    public static readonly ProblemKind UnknownPipeline = new(
        404, ProblemCodes.UnknownPipeline, "Unknown pipeline", "There is no pipeline 'revenue' here.");
    public static readonly ProblemKind UnknownTopic = new(404, ProblemCodes.UnknownTopic, "Unknown topic",
        "Topic 'orders' does not exist. Create it, or start a pipeline that reads or writes it.");
    public static readonly ProblemKind MethodNotAllowed = new(405, ProblemCodes.MethodNotAllowed, "Method not allowed",
        "'/v1/topics' does not support DELETE. The Allow header lists the supported methods.");
    public static readonly ProblemKind RequestTimeout = new(
        408, ProblemCodes.RequestTimeout, "Request timeout", "The request's body arrived too slowly. Send it faster, or in smaller parts.");
    public static readonly ProblemKind DeadLetterSettled = new(409, ProblemCodes.DeadLetterSettled, "Dead letter settled",
        "The dead letter at revenue.dead-letters/0, offset 17 was replayed or discarded before.");
    public static readonly ProblemKind DeadLetterUnreplayable = new(409, ProblemCodes.DeadLetterUnreplayable, "Dead letter not replayable",
        "The dead letter at revenue.dead-letters/0, offset 17 cannot be replayed.");
    public static readonly ProblemKind DuplicateSequence = new(409, ProblemCodes.DuplicateSequence, "Duplicate sequence",
        "Producer 7 repeated sequence 0 on partition orders/0, which is older than the last 5 batches remembered. It was appended before; "
            + "its offsets are no longer known.");
    public static readonly ProblemKind PipelineDefined = new(409, ProblemCodes.PipelineDefined, "Pipeline defined",
        "The checkpoints of pipeline 'revenue' stay: a host that runs defines it. Take it out of the deployment first.");
    public static readonly ProblemKind PipelinePaused = new(
        409, ProblemCodes.PipelinePaused, "Pipeline paused", "Pipeline 'revenue' is paused, so it drains nothing. Resume it first.");
    public static readonly ProblemKind ProducerFenced = new(409, ProblemCodes.ProducerFenced, "Producer fenced",
        "Producer 7 appended to partition orders/0 under epoch 0, but epoch 1 has taken over. Close this producer.");
    public static readonly ProblemKind SequenceGap = new(409, ProblemCodes.SequenceGap, "Sequence gap",
        "Producer 7 appended sequence 12 to partition orders/0, but 10 comes next. A batch is missing: send it first, or open a new "
            + "producer.");
    public static readonly ProblemKind TopicExists = new(409, ProblemCodes.TopicExists, "Topic exists",
        "Topic 'orders' already exists with 8 partitions; 3 were asked for. The number is fixed when a topic is created: ask for 8, or "
            + "use another name.");
    public static readonly ProblemKind TopicInUse = new(409, ProblemCodes.TopicInUse, "Topic in use",
        "Topic 'orders' is used by pipeline 'revenue'. Take the pipeline out of the deployment before deleting the topic; "
            + "if no host defines it any more, let go of it: pipeline forget revenue");
    public static readonly ProblemKind TopicReplaced = new(409, ProblemCodes.TopicReplaced, "Topic replaced",
        "Topic 'orders' was deleted and created again: it is 8f14e45fceea467fa1d40c8b1f3c2a77 now, but the request is for "
            + "45c48cce2e2d4fbdaa1afc51c7c6ad26. Offsets of the one mean nothing in the other. Read it from its start, or create the producer "
            + "again.");
    public static readonly ProblemKind RequestTooLarge = new(413, ProblemCodes.RequestTooLarge, "Request too large",
        "The request's body is over its limit of 16777216 bytes. Send less at once.");
    public static readonly ProblemKind UnsupportedContentEncoding = new(415, ProblemCodes.UnsupportedContentEncoding,
        "Unsupported content encoding",
        "The content encoding 'br' is not supported. Send 'gzip', or no encoding.");
    public static readonly ProblemKind UnsupportedContentType = new(415, ProblemCodes.UnsupportedContentType, "Unsupported content type",
        "The content type 'text/plain' is not supported here. Send 'application/json'.");
    public static readonly ProblemKind Backpressure = new(429, ProblemCodes.Backpressure, "Backpressure",
        "Appends to topic 'orders' are pushed back: its lag of 10,000,001 records is over its limit of 10,000,000. Try again in 250 ms.");
    public static readonly ProblemKind RateLimited = new(
        429, ProblemCodes.RateLimited, "Rate limited", "This caller exceeds its limit of requests per second. Try again in 1000 ms.");
    public static readonly ProblemKind HeadersTooLarge = new(
        431, ProblemCodes.HeadersTooLarge, "Headers too large", "The request's headers are over their limit. Send fewer or smaller ones.");
    public static readonly ProblemKind InternalError = new(
        500, ProblemCodes.InternalError, "Internal error", "The gateway failed to process this request. Its log has the cause.");
    public static readonly ProblemKind HostStopping = new(
        503, ProblemCodes.HostStopping, "Host stopping", "The host is stopping. Try again when it is back, or at another host.");
    public static readonly ProblemKind Overloaded = new(503, ProblemCodes.Overloaded, "Overloaded", "The gateway has reached its limit of "
        + "requests in flight. Try again later.");
    public static readonly ProblemKind PipelineUnanswered = new(504, ProblemCodes.PipelineUnanswered, "Pipeline unanswered",
        "Pipeline 'revenue' did not answer the seek in time. The seek continues and may still take effect. Look at the pipeline's status "
            + "before asking again.");
    public static readonly ProblemKind StoreUnavailable = new(
        503, ProblemCodes.StoreUnavailable, "Store unavailable", "The database is locked by another process. Try again later.");

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        InvalidRecord, InvalidRecordBatch, InvalidRequest, InvalidSeek, InvalidTopicName,
        InvalidTopicSettings, OffsetOutOfRange, Unauthenticated, Forbidden, NotFound,
        UnknownDeadLetter, UnknownPartition, UnknownPipeline, UnknownTopic, MethodNotAllowed,
        RequestTimeout, DeadLetterSettled, DeadLetterUnreplayable, DuplicateSequence, PipelineDefined, PipelinePaused,
        ProducerFenced, SequenceGap, TopicExists, TopicInUse, TopicReplaced, RequestTooLarge,
        UnsupportedContentEncoding, UnsupportedContentType, Backpressure, RateLimited, HeadersTooLarge,
        InternalError, HostStopping, Overloaded, StoreUnavailable, PipelineUnanswered,
    ];

    /// <summary>Returns the kind of a status that another part of the host answers, such as its own middleware.</summary>
    public static ProblemKind Other(int status) => new(status, $"http-{status}", ReasonPhrases.GetReasonPhrase(status), "");
}
