namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class WhereOperator<T>(string name, Func<T, bool> predicate, Operator<T> next) : Operator<T>
{
    public override ValueTask PushAsync(T value, StageRun run)
    {
        run.Context.Step = name;
        return predicate(value) ? next.PushAsync(value, run) : ValueTask.CompletedTask;
    }
}
