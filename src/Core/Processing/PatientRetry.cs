using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Checkpoints;
using Polly;
using Polly.Retry;

namespace Orleans.Pipeline.Processing;

/// <summary>
/// Repeats what must succeed before a task can go on, without end, from 50 ms up to 5 s apart: a store that is away, a sink that
/// is down, a worker that was lost. Only a fenced commit and a stop end it.
/// </summary>
internal sealed partial class PatientRetry
{
    private readonly ResiliencePipeline _pipeline;
    private readonly TaskProgress _progress;
    private readonly ILogger _logger;
    private readonly TaskId _task;

    public PatientRetry(TaskId task, ProcessorSettings settings, TaskProgress progress)
    {
        _task = task;
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
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is not (null or TaskFencedException) && !arguments.Context.CancellationToken.IsCancellationRequested),
                OnRetry = OnRetry,
            })
            .Build();
    }

    /// <summary>Executes until it succeeds.</summary>
    public async ValueTask<TResult> ExecuteAsync<TState, TResult>(
        Func<TState, CancellationToken, ValueTask<TResult>> action, TState state, CancellationToken cancellationToken)
    {
        try
        {
            var direct = action(state, cancellationToken);
            return await direct;
        }
        catch (Exception first) when (first is not TaskFencedException && !cancellationToken.IsCancellationRequested)
        {
            LogWaiting(_logger, _task, first.Message);
            _progress.Fail(first.Message);
        }

        var result = await _pipeline.ExecuteAsync(
            static (state, token) => state.action(state.state, token), (action, state), cancellationToken);
        LogGoingOn(_logger, _task);
        _progress.Fail(null);
        return result;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task} waits and tries again: {Error}")]
    private static partial void LogWaiting(ILogger logger, TaskId task, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {Task} goes on.")]
    private static partial void LogGoingOn(ILogger logger, TaskId task);

    private ValueTask OnRetry(OnRetryArguments<object> arguments)
    {
        _progress.Fail(arguments.Outcome.Exception!.Message);
        return ValueTask.CompletedTask;
    }
}
