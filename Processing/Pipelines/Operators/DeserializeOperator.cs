namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class DeserializeOperator<T>(ISerializer<T> serializer, MissingValue missing, Operator<T> next)
    : Operator<ReadOnlyMemory<byte>>
{
    public override ValueTask PushAsync(ReadOnlyMemory<byte> value, StageRun run)
    {
        run.Context.Step = "Deserialize";
        return run.Context.HasValue ? next.PushAsync(serializer.Deserialize(value), run) : missing switch
        {
            MissingValue.Skip => ValueTask.CompletedTask,
            MissingValue.Null => next.PushAsync(default!, run),
            _ => throw new PermanentException(
                $"The record has no value, and the stage reads {typeof(T).Name}. Say in its definition what it does with such records: "
                + $"From<{typeof(T).Name}>(…, missing: MissingValue.Null) or MissingValue.Skip."),
        };
    }
}
