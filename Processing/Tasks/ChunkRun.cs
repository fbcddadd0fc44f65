using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

/// <summary>One worker's walk over a chunk: records that fail are tried again or become dead letters.</summary>
/// <param name="context">Where it stands.</param>
/// <param name="outputs">One output for each sink of the stage, then the dead letters.</param>
/// <param name="cancellationToken">Stops the work.</param>
internal sealed class ChunkRun(StepContext context, SinkOutput[] outputs, CancellationToken cancellationToken)
    : StageRun(context, outputs, cancellationToken)
{
    /// <summary>How often records were tried again.</summary>
    public int Retries { get; set; }

    private DeadLetterOutput DeadLetters => (DeadLetterOutput)Outputs[^1];

    public void DeadLetter(Exception error)
    {
        Discard();
        DeadLetters.Put(error, Context);
    }

    public ChunkResult ToResult() => new(Outputs, DeadLetters.Count, Retries);
}
