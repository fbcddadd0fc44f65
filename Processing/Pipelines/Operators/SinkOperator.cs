using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class SinkOperator<T>(string name, int place) : Operator<T>
{
    public override ValueTask PushAsync(T value, StageRun run)
    {
        run.Context.Step = name;
        ((SinkOutput<T>)run.Outputs[place]).Put(value, run.Context);
        return ValueTask.CompletedTask;
    }
}
