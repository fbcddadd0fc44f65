using Orleans.Pipeline.Storage.Sqlite.Files;
using Orleans.Pipeline.Storage.Sqlite.Topics;
using Orleans.Pipeline.Storage.Sqlite.Writing;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Storage.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public string Product => "SQLite";

    /// <inheritdoc/>
    public int? SchemaVersion => Schema.Version;

    /// <inheritdoc />
    public ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        FileInfo[] files = [new(_settings.Path), new(_settings.Path + "-wal")];
        return new(files.Where(file => file.Exists).Sum(file => file.Length));
    }

    /// <inheritdoc />
    public ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default)
    {
        settings.Validate(topic);
        return _writer.WriteAsync(
            0, transaction => _topics.Create(transaction, topic, settings, _timeProvider.GetUtcNow()), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_topics.Committed.GetValueOrDefault(topic)?.Description);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new([.. _topics.Committed.Values.Select(topic => topic.Description).OrderBy(topic => topic.Topic)]);
    }

    /// <inheritdoc />
    public ValueTask<TopicDescription> UpdateTopicAsync(TopicName topic, TopicChange change, CancellationToken cancellationToken = default)
    {
        change.Validate(topic);
        return _writer.WriteAsync(0, transaction => _topics.Update(transaction, topic, change), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default)
    {
        ProducerIdentities.ValidateName(name);
        return _writer.WriteAsync(0, transaction => _identities.Open(transaction, name, _timeProvider.GetUtcNow()), cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        var partitions = (_topics.Committed.GetValueOrDefault(topic) ?? throw new UnknownTopicException(topic)).Partitions;
        return await _readers.ReadAsync(reader => reader.CountRecords(producerId, partitions), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        TopicTelemetry.AppendAsync(
            this,
            partition,
            batch,
            static (store, partition, batch, cancellation) => store.WriteAsync(partition, batch, cancellation),
            cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        var state = FindInRange(partition, offset);
        if (offset == state.Contents.Committed.End)
        {
            if (wait == TimeSpan.Zero || !await state.WaitForAppendAsync(offset, wait, _timeProvider, cancellationToken))
            {
                return [];
            }

            state = FindInRange(partition, offset);
        }

        var end = state.Contents.Committed.End;
        var batches = await _telemetry.ReadAsync(
            () => _readers.ReadAsync(reader => reader.Read(state, offset, end, maximumBytes), cancellationToken));
        TopicTelemetry.NoteRead(partition.Topic, batches);
        return batches;
    }

    /// <inheritdoc />
    public ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_topics.Find(partition).Contents.Committed.Bounds);
    }

    /// <inheritdoc />
    public async ValueTask<long> FindOffsetAsync(
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
    public async ValueTask SettleAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken = default)
    {
        OffsetRange.Validate(ranges);
        var bytes = appends.Sum(append => (long)append.Batch.Bytes.Length);
        await _writer.WriteAsync(bytes, transaction => _settled.Settle(transaction, partition, ranges, appends), cancellationToken);
        NoteAppended(appends);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<OffsetRange>> ListSettledAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, 1);
        var state = _topics.Find(partition);
        return await _readers.ReadAsync(reader => reader.FindSettled(state, offset, maximumCount), cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>
    /// The topic disappears at once; its batches are removed afterwards, in slices. If the call is cancelled or the process ends, the next
    /// <see cref="TrimAsync"/> removes the rest.
    /// </remarks>
    public async ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default)
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
    /// Also removes the batches of deleted topics, and forgets producers that were idle for
    /// <see cref="SqliteStoreSettings.ProducerExpiry"/>. The age of a batch is that of the newest timestamp up to and with it. So a record
    /// dated in the future keeps the records after it until that time has passed (as in Kafka), or until the topic has too many bytes.
    /// </remarks>
    public async ValueTask<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return await _telemetry.TrimAsync(() => _retention.TrimAsync(now, cancellationToken));
    }

    private static void NoteAppended(IReadOnlyList<TopicAppend> appends)
    {
        foreach (var append in appends)
        {
            TopicTelemetry.NoteAppended(append.Partition.Topic, append.Batch);
        }
    }

    private ValueTask<AppendResult> WriteAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken) =>
        _writer.WriteAsync(batch.Bytes.Length, transaction => _log.Append(transaction, partition, batch), cancellationToken);

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
