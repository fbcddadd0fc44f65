using Orleans.Pipeline.Tables;

namespace Orleans.Pipeline.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <inheritdoc />
    /// <exception cref="InvalidTableException">The definition breaks a rule; nothing was changed.</exception>
    public ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default)
    {
        TableRules.Validate(table);
        return _tables.PrepareAsync(table, cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>A start offset or committed offset outside the partition moves to the nearest end of the partition.</remarks>
    public ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
        _checkpoints.TakeOverAsync(task, source, startOffset, cancellationToken);

    /// <inheritdoc />
    public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
        _checkpoints.TakeOverPositionAsync(task, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="UnknownTopicException">An append is for a topic that does not exist.</exception>
    /// <exception cref="UnknownPartitionException">An append is for a partition that does not exist.</exception>
    /// <exception cref="TableRowException">A row does not fit its table.</exception>
    /// <exception cref="TableMismatchException">Rows are for a table that was not prepared.</exception>
    public ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(commit.NextOffset, commit.FirstOffset);
        return new(_commits.CommitAsync(commit, cancellationToken));
    }

    /// <inheritdoc />
    /// <remarks>An offset outside the partition moves to the nearest end of the partition.</remarks>
    public ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
        _checkpoints.SeekAsync(task, offset, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default) =>
        await _checkpoints.ListAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
        _paused.SetAsync(pipeline, paused, cancellationToken);

    /// <inheritdoc />
    public ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _paused.ContainsAsync(pipeline, cancellationToken);
}
