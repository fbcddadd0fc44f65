using System.Runtime.ExceptionServices;
using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Tasks.Telemetry;
using Polly;
using Polly.Retry;

namespace Orleans.Pipeline.Tasks;

/// <summary>Tries a record whose step failed again, after growing waits, while the error is transient and attempts are left.</summary>
internal sealed class RecordRetry
{
    private readonly RetrySettings _settings;
    private readonly StageTelemetry _telemetry;
    private readonly ResiliencePipeline _pipeline;

    public RecordRetry(RetrySettings settings, TimeProvider timeProvider, Random random, StageTelemetry telemetry)
    {
        _settings = settings;
        _telemetry = telemetry;
        _pipeline = settings.Attempts == 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = settings.Attempts - 1,
                Delay = settings.Delay,
                MaxDelay = settings.MaximumDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = random.NextDouble,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } error && settings.IsTransient(error)),
            })
            .Build();
    }

    /// <summary>Whether a first error may go away by itself and is worth another attempt.</summary>
    public bool MayMend(Exception error) => _settings.Attempts > 1 && _settings.IsTransient(error);

    /// <summary>Ends the record on which a run stands, after its first attempt failed: it succeeds, or becomes a dead letter.</summary>
    public async ValueTask FinishAsync(Operator<ReadOnlyMemory<byte>> head, ChunkRun run, Exception first)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, run.CancellationToken);
        try
        {
            await _pipeline.ExecuteAsync(static (_, record) => record.AttemptAsync(), context, new FailedRecord(head, run, first, _telemetry));
            run.Keep();
        }
        catch (Exception error) when (!run.CancellationToken.IsCancellationRequested)
        {
            run.DeadLetter(error);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>A record after its first attempt, whose error stands for that attempt.</summary>
    private sealed class FailedRecord(Operator<ReadOnlyMemory<byte>> head, ChunkRun run, Exception first, StageTelemetry telemetry)
    {
        private Exception _last = first;
        private bool _isAgain;

        public async ValueTask AttemptAsync()
        {
            if (!_isAgain)
            {
                _isAgain = true;
                ExceptionDispatchInfo.Throw(_last);
            }

            telemetry.NoteRecordRetry(run.Context.Step, _last);
            run.Forget();
            run.Context.Attempt++;
            run.Retries++;
            try
            {
                await head.PushAsync(run.Context.Value, run);
            }
            catch (Exception error)
            {
                _last = error;
                throw;
            }
        }
    }
}
