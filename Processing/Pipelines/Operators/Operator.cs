namespace Orleans.Pipeline.Pipelines.Operators;

/// <summary>
/// One link of a compiled stage. An operator takes a value and pushes its result to the next one. The state of a record is not in
/// operators but in the <see cref="StageRun"/>, so one chain serves every worker at once.
/// </summary>
/// <typeparam name="T">The values that the operator takes.</typeparam>
internal abstract class Operator<T>
{
    /// <summary>Takes a value. In a stage without asynchronous steps the returned task has always completed.</summary>
    public abstract ValueTask PushAsync(T value, StageRun run);
}
