using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Steps;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// A stage compiled for a process: its steps are resolved and linked, and its sinks are prepared. One program serves every worker of the
/// process at once.
/// </summary>
internal sealed class StageProgram
{
    /// <summary>A smaller batch costs more than it carries.</summary>
    private const int MinimumBatchBytes = 64 << 10;

    /// <summary>
    /// The records of a chunk that are begun for each slot of an asynchronous step. Several keep the steps busy while the oldest record,
    /// whose turn it is, takes longer than the others.
    /// </summary>
    private const int BegunPerSlot = 4;

    private readonly StageDefinition _stage;
    private readonly PipelineDefinition _pipeline;
    private readonly Operator<ReadOnlyMemory<byte>> _head;
    private readonly OutputFactory[] _outputs;
    private readonly RecordRetry _retry;
    private readonly TimeProvider _timeProvider;
    private readonly int _deadLetterPartitions;
    private readonly int _batchBytes;

    /// <summary>Compiles a stage.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stage">One of its stages.</param>
    /// <param name="services">Resolves steps and sinks, and the limits of records if the host has others than the default ones.</param>
    /// <param name="partitionsOf">
    /// Returns the number of partitions of a topic; called for every output topic and the dead-letter topic.
    /// </param>
    /// <param name="timeProvider">The clock for retries and dead letters.</param>
    /// <param name="random">Spreads the waits of retries; null for the shared source.</param>
    /// <param name="probe">Sees the calls of sinks outside the database; null for none.</param>
    public StageProgram(
        PipelineDefinition pipeline,
        StageDefinition stage,
        IServiceProvider services,
        Func<TopicName, int> partitionsOf,
        TimeProvider timeProvider,
        Random? random = null,
        ISinkProbe? probe = null)
    {
        _pipeline = pipeline;
        _stage = stage;
        _head = stage.Compile(services);
        var limits = services.GetService<RecordLimits>() ?? RecordLimits.Default;
        _batchBytes = Math.Min(Math.Max(pipeline.Profile.BatchBytes, MinimumBatchBytes), limits.BatchBytes);
        _deadLetterPartitions = partitionsOf(pipeline.DeadLetters);
        Outputs = stage.Outputs.Append(pipeline.DeadLetters).Distinct().ToDictionary(topic => topic, partitionsOf);
        var context = new OutputContext(services, partitionsOf, _batchBytes, limits.RecordBytes) { Probe = probe };
        _outputs = [.. stage.Sinks.Select(sink => sink.Prepare(context))];
        _timeProvider = timeProvider;
        Telemetry = new StageTelemetry(pipeline.Name, stage.Name, [.. stage.Sinks.Select(sink => sink.Name)]);
        _retry = new RecordRetry(pipeline.Retry, timeProvider, random ?? Random.Shared, Telemetry);
    }

    internal StageTelemetry Telemetry { get; }

    /// <summary>The topics that the stage writes, dead letters included, with their numbers of partitions.</summary>
    internal IReadOnlyDictionary<TopicName, int> Outputs { get; }

    /// <summary>Opens the stage's sinks for a task, before its first chunk.</summary>
    /// <param name="task">The task.</param>
    /// <param name="nextOffset">The first offset that the task will process.</param>
    /// <param name="cancellationToken">Cancelled when the task stops.</param>
    public async ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken)
    {
        foreach (var output in _outputs)
        {
            await output.OpenAsync(task, nextOffset, cancellationToken);
        }
    }

    /// <summary>Runs the steps over a chunk. A record that fails for good becomes a dead letter; the others continue.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing of the chunk runs any more.</exception>
    public async ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        chunk.Progress?.ChunkBegun();
        try
        {
            var began = _timeProvider.GetTimestamp();
            var batch = chunk.Batch.Decompress();
            using var span = Telemetry.Spans.StartChunk(chunk, batch);
            var timing = span is not null || StageTelemetry.WantsSteps ? new StepTiming(chunk.Count / 2, _timeProvider) : null;
            var result = await (chunk.Refusal is { } refusal ? ValueTask.FromResult(Refuse(chunk, batch, refusal))
                : _stage.Concurrency > 0 ? RunConcurrentlyAsync(chunk, batch, timing, cancellationToken)
                : RunInTurnAsync(chunk, batch, timing, cancellationToken));
            Telemetry.NoteChunk(_timeProvider.GetElapsedTime(chunk.HandedOverAt, began), _timeProvider.GetElapsedTime(began));
            Telemetry.NoteSteps(timing, span);
            return result;
        }
        finally
        {
            chunk.Progress?.ChunkEnded();
        }
    }

    private static List<StepContext> ContextsOf(Chunk chunk, RecordBatch batch, StepTiming? timing)
    {
        var contexts = new List<StepContext>(chunk.Count);
        var records = batch.Bytes[RecordBatch.HeaderBytes..];
        var walk = batch.GetEnumerator();
        walk.Skip(chunk.Skip);
        for (var done = 0; done < chunk.Count && walk.MoveNext(); done++)
        {
            var context = new StepContext(chunk.Task, chunk.Source);
            if (context.MoveTo(walk.Current, records))
            {
                context.Timing = done == timing?.Record ? timing : null;
                contexts.Add(context);
            }
        }

        return contexts;
    }

    /// <summary>Makes dead letters of records whose rows the database refuses.</summary>
    private ChunkResult Refuse(Chunk chunk, RecordBatch batch, TableRowException refusal)
    {
        var run = NewRun(new StepContext(chunk.Task, chunk.Source), new ErrorStacks(_batchBytes), CancellationToken.None);
        var step = _stage.Sinks.First(sink => sink.Table?.Name == refusal.Table).Name;
        var records = batch.Bytes[RecordBatch.HeaderBytes..];
        var walk = batch.GetEnumerator();
        walk.Skip(chunk.Skip);
        for (var done = 0; done < chunk.Count && walk.MoveNext(); done++)
        {
            if (run.Context.MoveTo(walk.Current, records))
            {
                run.Context.Step = step;
                run.DeadLetter(refusal);
            }
        }

        return run.ToResult();
    }

    private ChunkRun NewRun(StepContext context, ErrorStacks stacks, CancellationToken cancellationToken)
    {
        var outputs = new SinkOutput[_outputs.Length + 1];
        for (var index = 0; index < _outputs.Length; index++)
        {
            outputs[index] = _outputs[index].Create();
        }

        outputs[^1] = new DeadLetterOutput(_pipeline.DeadLetters, _deadLetterPartitions, _batchBytes, stacks, _timeProvider);
        return new ChunkRun(context, outputs, cancellationToken);
    }

    /// <summary>Runs a stage without asynchronous steps: one record after the other, in one run that waits only for retries.</summary>
    private async ValueTask<ChunkResult> RunInTurnAsync(
        Chunk chunk, RecordBatch batch, StepTiming? timing, CancellationToken cancellationToken)
    {
        var run = NewRun(new StepContext(chunk.Task, chunk.Source), new ErrorStacks(_batchBytes), cancellationToken);
        var done = 0;
        while (RunUntilTransient(batch, chunk, timing, ref done, run) is { } error)
        {
            await _retry.FinishAsync(_head, run, error);
            done++;
        }

        run.Context.Timing?.Leave();
        return run.ToResult();
    }

    /// <summary>
    /// Processes records until the chunk ends or a record fails with a transient error. Returns that error, or null at the end.
    /// </summary>
    private Exception? RunUntilTransient(RecordBatch batch, Chunk chunk, StepTiming? timing, ref int done, ChunkRun run)
    {
        var records = batch.Bytes[RecordBatch.HeaderBytes..];
        var walk = batch.GetEnumerator();
        walk.Skip(chunk.Skip + done);
        for (; done < chunk.Count && walk.MoveNext(); done++)
        {
            run.CancellationToken.ThrowIfCancellationRequested();
            if (!run.Context.MoveTo(walk.Current, records))
            {
                continue;
            }

            if (done == timing?.Record)
            {
                run.Context.Timing = timing;
            }

            try
            {
#pragma warning disable CA2012 // None of the steps is asynchronous, so the push has completed.
                _head.PushAsync(run.Context.Value, run).GetAwaiter().GetResult();
#pragma warning restore CA2012
                run.Accept();
            }
            catch (Exception error) when (!run.CancellationToken.IsCancellationRequested)
            {
                run.Context.Timing?.Forget();
                if (_retry.IsRetryable(error))
                {
                    return error;
                }

                run.DeadLetter(error);
            }
        }

        return null;
    }

    /// <summary>
    /// Runs a stage with asynchronous steps: a window of records at once, each in its own run. Results are joined in offset order.
    /// </summary>
    private async ValueTask<ChunkResult> RunConcurrentlyAsync(
        Chunk chunk, RecordBatch batch, StepTiming? timing, CancellationToken cancellationToken)
    {
        var window = _stage.Concurrency * BegunPerSlot;
        var running = new Queue<Task<ChunkResult>>();
        var contexts = ContextsOf(chunk, batch, timing);
        var stacks = new ErrorStacks(_batchBytes);
        var whole = NewRun(new StepContext(chunk.Task, chunk.Source), stacks, cancellationToken).ToResult();
        try
        {
            foreach (var context in contexts)
            {
                if (running.Count == window)
                {
                    whole.Append(await running.Dequeue());
                }

                running.Enqueue(RunOneAsync(NewRun(context, stacks, cancellationToken)));
            }

            while (running.TryDequeue(out var next))
            {
                whole.Append(await next);
            }

            return whole;
        }
        catch
        {
            await Task.WhenAll(running.Cast<Task>())
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            throw;
        }
    }

    private async Task<ChunkResult> RunOneAsync(ChunkRun run)
    {
        run.CancellationToken.ThrowIfCancellationRequested();
        try
        {
            await _head.PushAsync(run.Context.Value, run);
            run.Context.Timing?.Leave();
            run.Accept();
        }
        catch (Exception error) when (!run.CancellationToken.IsCancellationRequested)
        {
            run.Context.Timing?.Forget();
            await _retry.FinishAsync(_head, run, error);
        }

        return run.ToResult();
    }
}
