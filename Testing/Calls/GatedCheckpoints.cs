namespace Orleans.Pipeline.Testing.Calls;

/// <summary>The checkpoints as tasks reach them.</summary>
internal sealed class GatedCheckpoints(ICheckpointStore store, CallGate gate) : ICheckpointStore
{
    public ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            new(PipelineCall.TakeOver, task, source.ToString()),
            () => store.TakeOverAsync(task, source, startOffset, cancellationToken));

    public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default) => await gate.PassAsync(
        new(PipelineCall.Commit, commit.Task, Call.OffsetsOf(commit.FirstOffset, commit.NextOffset - 1)),
        async () =>
        {
            await store.CommitAsync(commit, cancellationToken);
            return true;
        });

    public ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default) =>
        store.PrepareTableAsync(table, cancellationToken);

    public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
        store.TakeOverPositionAsync(task, cancellationToken);

    public ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
        store.SeekAsync(task, offset, cancellationToken);

    public ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default) =>
        store.ListAsync(cancellationToken);

    public ValueTask NoteDefinedAsync(IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default) =>
        store.NoteDefinedAsync(stages, cancellationToken);

    public ValueTask<int> ForgetAsync(
        StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default) =>
        store.ForgetAsync(stage, unlessSince, cancellationToken);

    public ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
        store.SetPausedAsync(pipeline, paused, cancellationToken);

    public ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default) =>
        store.IsPausedAsync(pipeline, cancellationToken);
}
