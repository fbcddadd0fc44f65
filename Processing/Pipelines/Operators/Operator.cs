namespace Orleans.Pipeline.Pipelines.Operators;

/// <summary>
/// One link of a compiled stage: takes a value and pushes what it makes of it to the next. Operators hold no state of a record;
/// that is in the <see cref="StageRun"/>, so one chain serves every worker at once.
/// </summary>
/// <typeparam name="T">What it takes.</typeparam>
internal abstract class Operator<T>
{
    /// <summary>Takes a value. In a stage without asynchronous steps the returned task has always completed.</summary>
    public abstract ValueTask PushAsync(T value, StageRun run);
}
