namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class MapAsyncOperator<TIn, TOut>(
    string name, Func<TIn, StepContext, CancellationToken, ValueTask<TOut>> map, int concurrency, Operator<TOut> next) : Operator<TIn>
{
    private readonly SemaphoreSlim _slots = new(concurrency);

    public override async ValueTask PushAsync(TIn value, StageRun run)
    {
        TOut output;
        run.Context.Step = name;
        await _slots.WaitAsync(run.CancellationToken);
        try
        {
            // A slot that becomes free at the moment of the cancellation may still be given to this record.
            run.CancellationToken.ThrowIfCancellationRequested();
            output = await map(value, run.Context, run.CancellationToken);
        }
        finally
        {
            _slots.Release();
        }

        await next.PushAsync(output, run);
    }
}
