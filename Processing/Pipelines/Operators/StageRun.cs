using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Pipelines.Operators;

/// <summary>The state of one worker's walk over records: where it stands, and what it has produced.</summary>
/// <param name="context">Where it stands.</param>
/// <param name="outputs">One output for each sink of the stage, then the dead letters.</param>
/// <param name="cancellationToken">Stops the work.</param>
internal class StageRun(StepContext context, SinkOutput[] outputs, CancellationToken cancellationToken)
{
    public StepContext Context => context;

    public SinkOutput[] Outputs => outputs;

    public CancellationToken CancellationToken => cancellationToken;

    public void Accept()
    {
        foreach (var output in outputs)
        {
            output.Accept();
        }
    }

    public void Discard()
    {
        foreach (var output in outputs)
        {
            output.Discard();
        }
    }
}
