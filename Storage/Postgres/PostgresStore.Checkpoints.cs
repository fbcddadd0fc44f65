namespace Orleans.Pipeline.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <inheritdoc />
    protected override ValueTask PrepareTableCoreAsync(TableSchema table, CancellationToken cancellationToken) =>
        _tables.PrepareAsync(table, cancellationToken);

    /// <inheritdoc />
    public override ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
        _checkpoints.TakeOverAsync(task, source, startOffset, cancellationToken);

    /// <inheritdoc />
    public override ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
        _checkpoints.TakeOverPositionAsync(task, cancellationToken);

    /// <inheritdoc />
    protected override ValueTask CommitCoreAsync(Commit commit, CancellationToken cancellationToken) =>
        new(_commits.CommitAsync(commit, cancellationToken));

    /// <inheritdoc />
    public override ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
        _checkpoints.SeekAsync(task, offset, cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default) =>
        await _checkpoints.ListAsync(cancellationToken);

    /// <inheritdoc />
    public override ValueTask NoteDefinedAsync(
        IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default) =>
        _checkpoints.NoteDefinedAsync(stages, cancellationToken);

    /// <inheritdoc />
    public override ValueTask<int> ForgetAsync(
        StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default) =>
        _checkpoints.ForgetAsync(stage, unlessSince, cancellationToken);

    /// <inheritdoc />
    public override ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
        _paused.SetAsync(pipeline, paused, cancellationToken);

    /// <inheritdoc />
    public override ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _paused.ContainsAsync(pipeline, cancellationToken);
}
