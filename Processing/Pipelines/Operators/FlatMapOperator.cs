namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class FlatMapOperator<TIn, TOut>(
    string name, Func<TIn, StepContext, IEnumerable<TOut>> map, Operator<TOut> next) : Operator<TIn>
{
    public override ValueTask PushAsync(TIn value, StageRun run)
    {
        run.Context.Step = name;
        var values = map(value, run.Context).GetEnumerator();
        var disposeHere = true;
        try
        {
            while (values.MoveNext())
            {
                var pushed = next.PushAsync(values.Current, run);
                if (!pushed.IsCompletedSuccessfully)
                {
                    disposeHere = false;
                    return PushRestAsync(pushed, values, run);
                }

                run.Context.Step = name;
            }

            return ValueTask.CompletedTask;
        }
        finally
        {
            if (disposeHere)
            {
                values.Dispose();
            }
        }
    }

    private async ValueTask PushRestAsync(ValueTask pushed, IEnumerator<TOut> values, StageRun run)
    {
        using (values)
        {
            await pushed;
            run.Context.Step = name;
            while (values.MoveNext())
            {
                await next.PushAsync(values.Current, run);
                run.Context.Step = name;
            }
        }
    }
}
