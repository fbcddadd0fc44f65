using Orleans.Pipeline.Storage.Sqlite.Files;
using Orleans.Pipeline.Storage.Sqlite.Topics;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public override string Product => "SQLite";

    /// <inheritdoc/>
    public override int? SchemaVersion => Schema.Version;

    /// <inheritdoc />
    public override ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        FileInfo[] files = [new(_settings.Path), new(_settings.Path + "-wal")];
        return new(files.Where(file => file.Exists).Sum(file => file.Length) + _segments.SizeBytes);
    }

    /// <inheritdoc />
    public override async ValueTask CheckWritesAsync(CancellationToken cancellationToken = default) =>
        await _writer.WriteAsync(0, _ => _writeCheck.Write(_timeProvider.GetUtcNow()), cancellationToken);

    /// <inheritdoc />
    protected override ValueTask<TopicDescription> CreateTopicCoreAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken) =>
        _writer.WriteAsync(0, transaction => _topics.Create(transaction, topic, settings, _timeProvider.GetUtcNow()), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_topics.Committed.GetValueOrDefault(topic)?.Description);
    }

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new([.. _topics.Committed.Values.Select(topic => topic.Description).OrderBy(topic => topic.Topic)]);
    }

    /// <inheritdoc />
    protected override ValueTask<TopicDescription> UpdateTopicCoreAsync(
        TopicName topic, TopicChange change, CancellationToken cancellationToken) =>
        _writer.WriteAsync(0, transaction => _topics.Update(transaction, topic, change), cancellationToken);

    /// <inheritdoc />
    protected override ValueTask<ProducerIdentity> OpenProducerCoreAsync(string? name, CancellationToken cancellationToken) =>
        _writer.WriteAsync(0, transaction => _identities.Open(transaction, name, _timeProvider.GetUtcNow()), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        var partitions = (_topics.Committed.GetValueOrDefault(topic) ?? throw new UnknownTopicException(topic)).Partitions;
        return await _readers.ReadAsync(reader => reader.CountRecords(producerId, partitions), cancellationToken);
    }

    /// <inheritdoc />
    protected override ValueTask<AppendResult> AppendCoreAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken) =>
        _writer.WriteAsync(batch.Bytes.Length, transaction => _log.Append(transaction, partition, topicId, batch), cancellationToken);

    /// <inheritdoc />
    protected override async ValueTask<IReadOnlyList<RecordBatch>> ReadCoreAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken)
    {
        var began = _timeProvider.GetTimestamp();
        var state = FindInRange(partition, offset);
        while (offset == state.Contents.Committed.End)
        {
            // Retention wakes readers too. They go on waiting for a record.
            var left = wait == Timeout.InfiniteTimeSpan ? wait : wait - _timeProvider.GetElapsedTime(began);
            var isOver = left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan;
            if (isOver || !await state.WaitForChangeAsync(offset, left, _timeProvider, cancellationToken))
            {
                return [];
            }

            state = FindInRange(partition, offset);
        }

        var end = state.Contents.Committed.End;
        return await Telemetry.MeasureReadAsync(
            () => _readers.ReadAsync(reader => reader.Read(state, offset, end, maximumBytes), cancellationToken));
    }

    /// <inheritdoc />
    public override ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_topics.Find(partition).Contents.Committed.Bounds);
    }

    /// <inheritdoc />
    public override async ValueTask<long> FindOffsetAsync(
        TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        var state = _topics.Find(partition);
        var contents = state.Contents.Committed;
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var timestamp = (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return contents.MaximumTimestamp < timestamp
            ? contents.End
            : await _readers.ReadAsync(reader => reader.FindTime(state, contents, timestamp), cancellationToken);
    }

    /// <inheritdoc />
    protected override async ValueTask SettleCoreAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken)
    {
        var bytes = appends.Sum(append => (long)append.Batch.Bytes.Length);
        await _writer.WriteAsync(bytes, transaction => _settled.Settle(transaction, partition, ranges, appends), cancellationToken);
        NoteAppended(appends);
    }

    /// <inheritdoc />
    protected override async ValueTask<IReadOnlyList<OffsetRange>> ListSettledCoreAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var state = _topics.Find(partition);
        return await _readers.ReadAsync(reader => reader.FindSettled(state, offset, maximumCount), cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>
    /// The topic disappears at once; its batches are removed afterwards, in slices. If the call is cancelled or the process ends, the next
    /// <see cref="TopicStore.TrimAsync"/> removes the rest.
    /// </remarks>
    public override async ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        var deleted = await _writer.WriteAsync(0, transaction => Delete(transaction, topic), cancellationToken);
        foreach (var partition in deleted.Partitions)
        {
            partition.Close();
        }

        await _retention.RemoveOrphansAsync(cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>
    /// Also removes the batches of deleted topics, and forgets producers without a name that were idle for
    /// <see cref="SqliteStoreSettings.ProducerExpiry"/>. The age of a batch counts from its append,
    /// by the clock of the process that appended it; the times of its records do not matter.
    /// </remarks>
    protected override async ValueTask<long> TrimCoreAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return await _retention.TrimAsync(now, cancellationToken);
    }

    private static void NoteAppended(IReadOnlyList<TopicAppend> appends)
    {
        foreach (var append in appends)
        {
            StoreTelemetry.NoteAppended(append);
        }
    }

    private TopicState Delete(WriteTransaction transaction, TopicName topic)
    {
        var reader = _checkpoints.FindPendingOn(topic);
        return reader is null ? _topics.Delete(transaction, topic) : throw new TopicInUseException(topic, reader.Task.Pipeline);
    }

    private PartitionState FindInRange(TopicPartition partition, long offset)
    {
        ThrowIfDisposed();
        var state = _topics.Find(partition);
        var contents = state.Contents.Committed;
        return offset >= contents.Start && offset <= contents.End
            ? state
            : throw new OffsetOutOfRangeException(partition, offset, contents.Start, contents.End);
    }
}
