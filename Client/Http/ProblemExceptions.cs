using System.Net;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client.Http;

/// <summary>Rebuilds the exception that the log or the engine threw behind the gateway.</summary>
internal static class ProblemExceptions
{
    /// <param name="problem">The answer's problem details; null without any.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="retryAfter">The delay that the gateway asks for; null for none.</param>
    /// <param name="request">The request, for the exception's properties.</param>
    /// <param name="isOnlyGateway">Whether the client knows no other gateway, so that it must wait for this one.</param>
    public static PipelineException Of(
        Problem? problem, HttpStatusCode status, TimeSpan? retryAfter, WireRequest request, bool isOnlyGateway)
    {
        var message = problem?.Detail ?? $"{request} was answered with status {(int)status}.";
        var partition = request.Source with { Partition = problem?.Partition ?? request.Source.Partition };
        return problem?.Code switch
        {
            ProblemCodes.UnknownTopic => new UnknownTopicException(request.Source.Topic),
            ProblemCodes.UnknownPartition => new UnknownPartitionException(partition, message),
            ProblemCodes.SequenceGap =>
                new SequenceGapException(
                    request.Source, request.Batch.ProducerId, problem.ExpectedSequence ?? 0, request.Batch.BaseSequence),
            ProblemCodes.DuplicateSequence =>
                new DuplicateSequenceException(request.Source, request.Batch.ProducerId, request.Batch.BaseSequence),
            ProblemCodes.ProducerFenced => new ProducerFencedException(message),
            ProblemCodes.OffsetOutOfRange =>
                new OffsetOutOfRangeException(partition, problem.Offset ?? request.Offset, problem.Start ?? 0, problem.End ?? 0),
            ProblemCodes.Backpressure => new BackpressureException(request.Source.Topic, retryAfter ?? TimeSpan.Zero, message),
            ProblemCodes.TopicExists => new TopicExistsException(message),
            ProblemCodes.TopicInUse => new TopicInUseException(message),
            ProblemCodes.TopicReplaced => new TopicReplacedException(request.Source.Topic, message),
            ProblemCodes.InvalidTopicSettings => new InvalidTopicSettingsException(message),
            ProblemCodes.UnknownDeadLetter => new UnknownDeadLetterException(message),
            ProblemCodes.DeadLetterSettled => new RecordsSettledException(message),
            ProblemCodes.DeadLetterUnreplayable => new DeadLetterReplayException(message, problem.Replayed ?? 0),
            ProblemCodes.UnknownPipeline => new UnknownPipelineException(message),
            ProblemCodes.InvalidSeek => new InvalidSeekException(message),
            ProblemCodes.PipelineDefined => new PipelineDefinedException(message),
            ProblemCodes.PipelinePaused => new PipelinePausedException(request.Pipeline!),
            ProblemCodes.RateLimited or ProblemCodes.Overloaded =>
                new BackpressureException(request.Source.Topic, retryAfter ?? TimeSpan.Zero, message),
            _ when status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new AccessDeniedException(isAuthenticated: status == HttpStatusCode.Forbidden, message),
            _ when status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout
                or HttpStatusCode.TooManyRequests =>
                new StoreUnavailableException(message) { RetryAfter = isOnlyGateway ? retryAfter : null },
            _ => new PipelineRequestException(status, problem?.Code, message),
        };
    }
}
