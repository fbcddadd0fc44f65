namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class MapOperator<TIn, TOut>(string name, Func<TIn, StepContext, TOut> map, Operator<TOut> next) : Operator<TIn>
{
    public override ValueTask PushAsync(TIn value, StageRun run)
    {
        run.Context.Step = name;
        return next.PushAsync(map(value, run.Context), run);
    }
}
