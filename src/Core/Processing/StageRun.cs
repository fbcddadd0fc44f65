using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Processing;

/// <summary>The state of one worker's walk over records: where it stands, and what it has produced.</summary>
internal sealed class StageRun(TaskId task, TopicPartition source, SinkOutput[] outputs, CancellationToken cancellationToken)
{
    public StepContext Context { get; } = new(task, source);

    /// <summary>One output for each sink of the stage, then the dead letters.</summary>
    public SinkOutput[] Outputs => outputs;

    public CancellationToken CancellationToken => cancellationToken;

    private DeadLetterOutput DeadLetters => (DeadLetterOutput)outputs[^1];

    public void Keep()
    {
        foreach (var output in outputs)
        {
            output.Keep();
        }
    }

    public void Forget()
    {
        foreach (var output in outputs)
        {
            output.Forget();
        }
    }

    public void DeadLetter(Exception error)
    {
        Forget();
        DeadLetters.Put(error, Context);
    }

    public ChunkResult ToResult() => new(outputs, DeadLetters.Count);
}
