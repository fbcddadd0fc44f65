using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

/// <summary>One worker's run over a chunk. Failed records are retried or become dead letters.</summary>
internal sealed class ChunkRun(StepContext context, SinkOutput[] outputs, CancellationToken cancellationToken)
    : StageRun(context, outputs, cancellationToken)
{
    public int Retries { get; set; }

    private DeadLetterOutput DeadLetters => (DeadLetterOutput)Outputs[^1];

    public void DeadLetter(Exception error)
    {
        Discard();
        DeadLetters.Put(error, Context);
    }

    public ChunkResult ToResult() => new(Outputs, DeadLetters.Count, Retries);
}
