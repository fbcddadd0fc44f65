using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Retrying;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Retries an operation without end, because a task cannot continue without it. The waits grow from 50 ms to 5 s. The causes are a store
/// that is away, a sink that is down, or a lost worker. Only a fenced commit or a stop ends the retries. Several calls may run at once;
/// the task counts as waiting while one of them waits.
/// </summary>
internal sealed partial class RetryForever
{
    private readonly RetryPolicy _policy;
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
        _policy = new()
        {
            InitialDelay = TimeSpan.FromMilliseconds(50),
            MaximumDelay = TimeSpan.FromSeconds(5),
            TimeProvider = settings.TimeProvider,
            Random = settings.Random,
            IsTransient = static (error, cancellationToken) =>
                error is not TaskFencedException && !cancellationToken.IsCancellationRequested,
        };
    }

    /// <summary>Executes an action until it succeeds, on the caller's scheduler.</summary>
    public async ValueTask<TResult> ExecuteAsync<TState, TResult>(
        Func<TState, CancellationToken, ValueTask<TResult>> action, TState state, CancellationToken cancellationToken)
    {
        var failures = 0;
        var succeeded = false;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    var result = await action(state, cancellationToken);
                    succeeded = true;
                    return result;
                }
                catch (Exception error) when (_policy.IsTransient(error, cancellationToken))
                {
                    failures++;
                    NoteFailure(error, isFirst: failures == 1);
                }

                await _policy.PauseAsync(failures, cancellationToken);
            }
        }
        finally
        {
            if (failures > 0)
            {
                EndWait(succeeded);
            }
        }
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "Task {Task} waits and tries again: {Error}")]
    private static partial void LogWaiting(ILogger logger, TaskId task, string error);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Task {Task} continues")]
    private static partial void LogGoingOn(ILogger logger, TaskId task);

    private void NoteFailure(Exception error, bool isFirst)
    {
        _progress.Error = error.Message;
        _progress.Retried();
        _telemetry.NoteTaskRetry(error);
        if (isFirst && Interlocked.Increment(ref _waiting) == 1)
        {
            LogWaiting(_logger, _task, error.Message);
        }
    }

    private void EndWait(bool succeeded)
    {
        if (Interlocked.Decrement(ref _waiting) > 0)
        {
            return;
        }

        _progress.Error = null;
        if (succeeded)
        {
            LogGoingOn(_logger, _task);
        }
    }
}
