namespace Orleans.Pipeline.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>The estimated bytes of one value of a row, for the limit of the queue.</summary>
    private const int BytesOfValue = 32;

    /// <inheritdoc />
    protected override async ValueTask PrepareTableCoreAsync(TableSchema table, CancellationToken cancellationToken) =>
        await _writer.WriteAsync(0, _ => _tables.Prepare(table), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(0, transaction => _commits.TakeOver(transaction, task, source, startOffset), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(0, transaction => _commits.TakeOverPosition(transaction, task), cancellationToken);

    /// <inheritdoc />
    protected override async ValueTask CommitCoreAsync(Commit commit, CancellationToken cancellationToken)
    {
        var batchBytes = commit.Appends.Sum(append => (long)append.Batch.Bytes.Length);
        var rowBytes = commit.Tables.Sum(write => (long)write.Rows.Count * write.Table.Columns.Count * BytesOfValue);
        if (await _writer.WriteAsync(batchBytes, rowBytes, transaction => _commits.Commit(transaction, commit), cancellationToken))
        {
            NoteAppended(commit.Appends);
        }
    }

    /// <inheritdoc />
    public override ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(0, transaction => _commits.Seek(transaction, task, offset), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new([.. _checkpoints.Committed
            .OrderBy(checkpoint => checkpoint.Task.Pipeline, StringComparer.Ordinal)
            .ThenBy(checkpoint => checkpoint.Task.Stage, StringComparer.Ordinal)
            .ThenBy(checkpoint => checkpoint.Task.Partition)]);
    }

    /// <inheritdoc />
    public override async ValueTask NoteDefinedAsync(
        IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default)
    {
        var defined = stages.ToHashSet();
        await _writer.WriteAsync(0, transaction => _commits.NoteDefined(transaction, defined), cancellationToken);
    }

    /// <inheritdoc />
    public override ValueTask<int> ForgetAsync(
        StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(0, transaction => _commits.Forget(transaction, stage, unlessSince), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
        await _writer.WriteAsync(0, transaction => _paused.Set(transaction, pipeline, paused), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_paused.Contains(pipeline));
    }
}
