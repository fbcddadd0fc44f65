using System.Runtime.ExceptionServices;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Topics;
using Polly;
using Polly.Retry;

namespace Orleans.Pipeline.Processing;

/// <summary>
/// A stage made ready for a process: its steps resolved and linked, its sinks prepared. One program serves every worker of the
/// process at once.
/// </summary>
public sealed class StageProgram
{
    private readonly StageDefinition _stage;
    private readonly PipelineDefinition _pipeline;
    private readonly Operator<ReadOnlyMemory<byte>> _head;
    private readonly OutputFactory[] _outputs;
    private readonly int _deadLetterPartitions;
    private readonly int _batchBytes;
    private readonly ResiliencePipeline _retry;

    /// <summary>Makes a stage ready.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stage">One of its stages.</param>
    /// <param name="services">Resolves steps and sinks.</param>
    /// <param name="partitionsOf">How many partitions a topic has; asked for every output topic and the dead-letter topic.</param>
    /// <param name="timeProvider">Times the retries.</param>
    public StageProgram(
        PipelineDefinition pipeline, StageDefinition stage, IServiceProvider services, Func<TopicName, int> partitionsOf, TimeProvider timeProvider)
    {
        _pipeline = pipeline;
        _stage = stage;
        _head = stage.Compile(services);
        _batchBytes = Math.Max(pipeline.Profile.BatchBytes, 64 << 10);
        _deadLetterPartitions = partitionsOf(pipeline.DeadLetters);
        var context = new OutputContext(services, partitionsOf, _batchBytes);
        _outputs = [.. stage.Sinks.Select(sink => sink.Prepare(context))];
        _retry = Retries(pipeline.Retry, timeProvider);
    }

    /// <summary>Tells the stage's sinks where a task goes on, before its first chunk.</summary>
    /// <param name="task">The task.</param>
    /// <param name="nextOffset">The first offset that it will process.</param>
    /// <param name="cancellationToken">Cancelled when the task stops.</param>
    public async ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken)
    {
        foreach (var output in _outputs)
        {
            await output.OpenAsync(task, nextOffset, cancellationToken);
        }
    }

    /// <summary>Runs the steps over a chunk. A record that fails for good becomes a dead letter; the others go on.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var batch = chunk.Batch.Decompress();
        if (_stage.Concurrency > 0)
        {
            return await RunConcurrentlyAsync(chunk, batch, cancellationToken);
        }

        var run = NewRun(chunk, cancellationToken);
        var done = 0;
        while (RunUntilTransient(batch, chunk, ref done, run) is { } error)
        {
            await RetryAsync(run, error);
            done++;
        }

        return run.ToResult();
    }

    private static ResiliencePipeline Retries(RetrySettings settings, TimeProvider timeProvider) => settings.Attempts == 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = settings.Attempts - 1,
                Delay = settings.Delay,
                MaxDelay = settings.MaximumDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } error && settings.IsTransient(error)),
            })
            .Build();

    private StageRun NewRun(Chunk chunk, CancellationToken cancellationToken)
    {
        var outputs = new SinkOutput[_outputs.Length + 1];
        for (var index = 0; index < _outputs.Length; index++)
        {
            outputs[index] = _outputs[index].Create();
        }

        outputs[^1] = new DeadLetterOutput(_pipeline.DeadLetters, _deadLetterPartitions, _batchBytes);
        return new StageRun(chunk.Task, chunk.Source, outputs, cancellationToken);
    }

    /// <summary>Processes records until the chunk ends (the answer is null) or one fails in a way that a retry may mend.</summary>
    private Exception? RunUntilTransient(RecordBatch batch, Chunk chunk, ref int done, StageRun run)
    {
        var records = batch.Bytes[RecordBatch.HeaderBytes..];
        var walk = batch.GetEnumerator();
        walk.Skip(chunk.Skip + done);
        for (; done < chunk.Count && walk.MoveNext(); done++)
        {
            run.Context.MoveTo(walk.Current, records);
            try
            {
                _head.PushAsync(run.Context.Value, run).GetAwaiter().GetResult();
                run.Keep();
            }
            catch (Exception error) when (!run.CancellationToken.IsCancellationRequested)
            {
                if (_pipeline.Retry.Attempts > 1 && _pipeline.Retry.IsTransient(error))
                {
                    return error;
                }

                run.DeadLetter(error);
            }
        }

        run.CancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Tries the record on which the run stands again, until it succeeds or becomes a dead letter.</summary>
    private async ValueTask RetryAsync(StageRun run, Exception first)
    {
        try
        {
            await _retry.ExecuteAsync(
                static async (state, _) =>
                {
                    if (state.First is { } error)
                    {
                        state.First = null;
                        ExceptionDispatchInfo.Throw(error);
                    }

                    state.Run.Forget();
                    state.Run.Context.Attempt++;
                    await state.Head.PushAsync(state.Run.Context.Value, state.Run);
                },
                new Attempts(_head, run, first),
                run.CancellationToken);
            run.Keep();
        }
        catch (Exception error) when (!run.CancellationToken.IsCancellationRequested)
        {
            run.DeadLetter(error);
        }
    }

    private async ValueTask<ChunkResult> RunConcurrentlyAsync(Chunk chunk, RecordBatch batch, CancellationToken cancellationToken)
    {
        var slots = new SemaphoreSlim(_stage.Concurrency);
        var running = new List<Task<ChunkResult>>(chunk.Count);
        for (var index = 0; index < chunk.Count; index++)
        {
            await slots.WaitAsync(cancellationToken);
            var run = NewRun(chunk, cancellationToken);
            MoveTo(batch, chunk.Skip + index, run);
            running.Add(RunOneAsync(run, slots));
        }

        var results = await Task.WhenAll(running);
        for (var index = 1; index < results.Length; index++)
        {
            results[0].Append(results[index]);
        }

        return results[0];
    }

    private async Task<ChunkResult> RunOneAsync(StageRun run, SemaphoreSlim slots)
    {
        try
        {
            await _head.PushAsync(run.Context.Value, run);
            run.Keep();
        }
        catch (Exception error) when (!run.CancellationToken.IsCancellationRequested)
        {
            await RetryAsync(run, error);
        }
        finally
        {
            slots.Release();
        }

        return run.ToResult();
    }

    private static void MoveTo(RecordBatch batch, int index, StageRun run)
    {
        var walk = batch.GetEnumerator();
        walk.Skip(index);
        walk.MoveNext();
        run.Context.MoveTo(walk.Current, batch.Bytes[RecordBatch.HeaderBytes..]);
    }

    private sealed class Attempts(Operator<ReadOnlyMemory<byte>> head, StageRun run, Exception first)
    {
        public Operator<ReadOnlyMemory<byte>> Head => head;

        public StageRun Run => run;

        public Exception? First { get; set; } = first;
    }
}
