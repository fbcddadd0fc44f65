using Orleans.Pipeline.Tables;

namespace Orleans.Pipeline.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>An estimate of the bytes of a row's value, for the bound of the queue.</summary>
    private const int BytesOfValue = 32;

    /// <inheritdoc />
    /// <exception cref="InvalidTableException">The definition breaks a rule; nothing was changed.</exception>
    public async ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default)
    {
        TableRules.Validate(table);
        await _writer.WriteAsync(0, _ => _tables.Prepare(table), cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>A start offset or committed offset outside the partition moves to the nearest end of the partition.</remarks>
    public ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(0, transaction => _commits.TakeOver(transaction, task, source, startOffset), cancellationToken);

    /// <inheritdoc />
    public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(0, transaction => _commits.TakeOverPosition(transaction, task), cancellationToken);

    /// <inheritdoc />
    /// <exception cref="UnknownTopicException">An append is for a topic that does not exist.</exception>
    /// <exception cref="UnknownPartitionException">An append is for a partition that does not exist.</exception>
    /// <exception cref="TableRowException">A row does not fit its table.</exception>
    /// <exception cref="TableMismatchException">Rows are for a table that was not prepared.</exception>
    public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(commit.NextOffset, commit.FirstOffset);
        var bytes = commit.Appends.Sum(append => (long)append.Batch.Bytes.Length)
            + commit.Tables.Sum(write => (long)write.Rows.Count * write.Table.Columns.Count * BytesOfValue);
        if (await _writer.WriteAsync(bytes, transaction => _commits.Commit(transaction, commit), cancellationToken))
        {
            NoteAppended(commit.Appends);
        }
    }

    /// <inheritdoc />
    /// <remarks>An offset outside the partition moves to the nearest end of the partition.</remarks>
    public ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(0, transaction => _commits.Seek(transaction, task, offset), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new([.. _checkpoints.Committed
            .OrderBy(checkpoint => checkpoint.Task.Pipeline, StringComparer.Ordinal)
            .ThenBy(checkpoint => checkpoint.Task.Stage, StringComparer.Ordinal)
            .ThenBy(checkpoint => checkpoint.Task.Partition)]);
    }

    /// <inheritdoc />
    public async ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
        await _writer.WriteAsync(0, transaction => _paused.Set(transaction, pipeline, paused), cancellationToken);

    /// <inheritdoc />
    public ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_paused.Contains(pipeline));
    }
}
