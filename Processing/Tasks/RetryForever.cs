using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Tasks.Telemetry;
using Polly;
using Polly.Retry;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Repeats what must succeed before a task can go on, without end, after waits that grow from 50 ms to 5 s: a store that is away,
/// a sink that is down, a worker that was lost. Only a fenced commit and a stop end it. Several calls may run at once; the task
/// counts as waiting while one of them does.
/// </summary>
internal sealed partial class RetryForever
{
    private static readonly ResiliencePropertyKey<bool> Waited = new(nameof(Waited));

    private readonly ResiliencePipeline _pipeline;
    private readonly TaskProgress _progress;
    private readonly StageTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly TaskId _task;
    private int _waiting;

    public RetryForever(TaskId task, ProcessorSettings settings, StageTelemetry telemetry, TaskProgress progress)
    {
        _task = task;
        _telemetry = telemetry;
        _progress = progress;
        _logger = settings.Logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = settings.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = settings.Random.NextDouble,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is not (null or TaskFencedException) && !arguments.Context.CancellationToken.IsCancellationRequested),
                OnRetry = Wait,
            })
            .Build();
    }

    /// <summary>Executes until it succeeds, on the caller's scheduler.</summary>
    public async ValueTask<TResult> ExecuteAsync<TState, TResult>(
        Func<TState, CancellationToken, ValueTask<TResult>> action, TState state, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        var succeeded = false;
        try
        {
            var result = await _pipeline.ExecuteAsync(
                static (context, call) => call.action(call.state, context.CancellationToken), context, (action, state));
            succeeded = true;
            return result;
        }
        finally
        {
            EndWait(context, succeeded);
            ResilienceContextPool.Shared.Return(context);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task} waits and tries again: {Error}")]
    private static partial void LogWaiting(ILogger logger, TaskId task, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {Task} goes on")]
    private static partial void LogGoingOn(ILogger logger, TaskId task);

    private ValueTask Wait(OnRetryArguments<object> retry)
    {
        var error = retry.Outcome.Exception!.Message;
        _progress.Fail(error);
        _progress.Retried();
        _telemetry.NoteTaskRetry(retry.Outcome.Exception);
        if (!retry.Context.Properties.TryGetValue(Waited, out _))
        {
            retry.Context.Properties.Set(Waited, true);
            if (Interlocked.Increment(ref _waiting) == 1)
            {
                LogWaiting(_logger, _task, error);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void EndWait(ResilienceContext context, bool succeeded)
    {
        if (!context.Properties.TryGetValue(Waited, out _) || Interlocked.Decrement(ref _waiting) > 0)
        {
            return;
        }

        _progress.Fail(null);
        if (succeeded)
        {
            LogGoingOn(_logger, _task);
        }
    }
}
