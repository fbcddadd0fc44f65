namespace Orleans.Pipeline.Pipelines.Operators;

internal sealed class BranchOperator<T>(Operator<T>[] branches) : Operator<T>
{
    public override ValueTask PushAsync(T value, StageRun run)
    {
        for (var index = 0; index < branches.Length; index++)
        {
            var pushed = branches[index].PushAsync(value, run);
            if (!pushed.IsCompletedSuccessfully)
            {
                return PushRestAsync(pushed, index + 1, value, run);
            }
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask PushRestAsync(ValueTask pushed, int index, T value, StageRun run)
    {
        await pushed;
        for (; index < branches.Length; index++)
        {
            await branches[index].PushAsync(value, run);
        }
    }
}
