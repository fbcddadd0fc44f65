using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Pipelines.Operators;

/// <summary>The state of one worker's run over records: the current record and the outputs so far.</summary>
/// <param name="context">The current record.</param>
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
