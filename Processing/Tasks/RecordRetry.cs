using System.Runtime.ExceptionServices;
using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Retrying;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Tasks;

/// <summary>Retries a record whose step failed, after growing waits, while the error is transient and attempts are left.</summary>
internal sealed class RecordRetry(RetrySettings settings, TimeProvider timeProvider, Random random, StageTelemetry telemetry)
{
    private readonly RetryPolicy _policy = new()
    {
        InitialDelay = settings.Delay,
        MaximumDelay = settings.MaximumDelay,
        TimeProvider = timeProvider,
        Random = random,
        IsTransient = (error, _) => settings.IsTransient(error),
    };

    public bool IsRetryable(Exception error) => settings.Attempts > 1 && settings.IsTransient(error);

    /// <summary>
    /// Retries the current record of a run after its first attempt failed, until the record succeeds or becomes a dead letter.
    /// </summary>
    public async ValueTask FinishAsync(Operator<ReadOnlyMemory<byte>> head, ChunkRun run, Exception first)
    {
        try
        {
            await RetryAsync(head, run, first);
            run.Accept();
        }
        catch (Exception error) when (!run.CancellationToken.IsCancellationRequested)
        {
            run.DeadLetter(error);
        }
    }

    private async ValueTask RetryAsync(Operator<ReadOnlyMemory<byte>> head, ChunkRun run, Exception first)
    {
        var last = first;
        for (var failures = 1; ; failures++)
        {
            run.CancellationToken.ThrowIfCancellationRequested();
            if (failures == settings.Attempts || !_policy.IsTransient(last, run.CancellationToken))
            {
                ExceptionDispatchInfo.Throw(last);
            }

            await _policy.PauseAsync(failures, run.CancellationToken);
            telemetry.NoteRecordRetry(run.Context.Step, last);
            run.Discard();
            run.Context.Attempt++;
            run.Retries++;
            try
            {
                await head.PushAsync(run.Context.Value, run);
                return;
            }
            catch (Exception error)
            {
                last = error;
            }
        }
    }
}
