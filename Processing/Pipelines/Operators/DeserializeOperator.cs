namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class DeserializeOperator<T>(ISerializer<T> serializer, Operator<T> next) : Operator<ReadOnlyMemory<byte>>
{
    public override ValueTask PushAsync(ReadOnlyMemory<byte> value, StageRun run)
    {
        run.Context.Step = "Deserialize";
        return next.PushAsync(serializer.Deserialize(value), run);
    }
}
