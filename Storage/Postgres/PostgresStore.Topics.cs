using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Notifications;
using Orleans.Pipeline.Storage.Postgres.Schema;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public override string Product => "PostgreSQL";

    /// <inheritdoc/>
    public override int? SchemaVersion => SchemaMigration.Version;

    /// <inheritdoc />
    public override ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default) => _database.UseAsync(
        static async (connection, cancellation) =>
        {
            await using var command = new NpgsqlCommand("SELECT pg_database_size(current_database())", connection);
            return (long?)await command.ExecuteScalarAsync(cancellation);
        },
        cancellationToken);

    /// <inheritdoc />
    public override async ValueTask CheckWritesAsync(CancellationToken cancellationToken = default) => await _database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(
                $"""
                INSERT INTO {_database.Schema}.write_check (id, written_at) VALUES (1, $1)
                ON CONFLICT (id) DO UPDATE SET written_at = excluded.written_at
                """,
                Of(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds()));
            return await command.ExecuteNonQueryAsync(cancellation);
        },
        cancellationToken);

    /// <inheritdoc />
    protected override ValueTask<TopicDescription> CreateTopicCoreAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken) =>
        _topics.CreateAsync(topic, settings, cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        (await _topics.FindAsync(topic, cancellationToken))?.Description;

    /// <inheritdoc />
    public override async ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        [.. (await _topics.ListAsync(cancellationToken)).Select(topic => topic.Description)];

    /// <inheritdoc />
    protected override ValueTask<TopicDescription> UpdateTopicCoreAsync(
        TopicName topic, TopicChange change, CancellationToken cancellationToken) =>
        _topics.UpdateAsync(topic, change, cancellationToken);

    /// <inheritdoc />
    protected override ValueTask<ProducerIdentity> OpenProducerCoreAsync(string? name, CancellationToken cancellationToken) =>
        _identities.OpenAsync(name, cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default) =>
        await _identities.CountRecordsAsync(topic, producerId, cancellationToken) ?? throw new UnknownTopicException(topic);

    /// <inheritdoc />
    protected override ValueTask<AppendResult> AppendCoreAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken) =>
        new(_lanes.AppendAsync(partition, topicId, batch, cancellationToken));

    /// <inheritdoc />
    protected override async ValueTask<Guid> GetTopicIdAsync(TopicName topic, CancellationToken cancellationToken) =>
        (await _topics.GetAsync(topic, cancellationToken)).Description.Id;

    /// <inheritdoc />
    protected override async ValueTask<IReadOnlyList<RecordBatch>> ReadCoreAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero)
        {
            return await ReadNowAsync(partition, offset, maximumBytes, cancellationToken);
        }

        using var timeout = new CancellationTokenSource(wait, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await ReadOrWaitAsync(partition, offset, maximumBytes, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <inheritdoc />
    public override ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        FindAsync(partition, id => _reader.GetBoundsAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(
        TopicName topic, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ThrowIfDisposed();
            var partitions = (await _topics.GetAsync(topic, cancellationToken)).Partitions;
            var bounds = await _reader.GetBoundsAsync(partitions, cancellationToken);
            if (bounds.Count == partitions.Length)
            {
                return bounds;
            }

            _topics.Forget(topic);
        }
    }

    /// <inheritdoc />
    public override ValueTask<long> FindOffsetAsync(
        TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var timestamp = (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return FindAsync(partition, id => _reader.FindOffsetAsync(id, timestamp, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    protected override ValueTask SettleCoreAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_settlements.SettleAsync(partition, ranges, appends).WaitAsync(cancellationToken));
    }

    /// <inheritdoc />
    protected override ValueTask<IReadOnlyList<OffsetRange>> ListSettledCoreAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken) =>
        _settlements.ListAsync(partition, offset, maximumCount, cancellationToken);

    /// <inheritdoc />
    /// <remarks>
    /// The topic disappears at once; its segments are dropped afterwards. If the call is cancelled or the process ends, the next
    /// <see cref="TopicStore.TrimAsync"/> drops the rest.
    /// </remarks>
    public override async ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        foreach (var partition in await _topics.DeleteAsync(topic, cancellationToken))
        {
            _reader.Forget(partition);
            _recent.Forget(partition);
            _notifier.Notify(partition, PartitionSignals.Deletion);
        }

        await _retention.DropSpentAsync(cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>
    /// Also drops the segments of deleted topics, and forgets producers without a name that were idle for
    /// <see cref="PostgresStoreSettings.ProducerExpiry"/>. Removed records are unreadable at once; their space is freed with their segment.
    /// The age of a batch counts from its append,
    /// by the clock of the process that appended it; the times of its records do not matter.
    /// </remarks>
    protected override async ValueTask<long> TrimCoreAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = await _retention.TrimAsync(now, cancellationToken);
        if (removed > 0)
        {
            _recent.Forget();
        }

        return removed;
    }

    /// <summary>Reads, and waits at the end of the partition. Watching starts before reading, so that no append is missed.</summary>
    private async Task<IReadOnlyList<RecordBatch>> ReadOrWaitAsync(
        TopicPartition partition, long offset, int maximumBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            ThrowIfDisposed();
            var id = (await _topics.GetAsync(partition.Topic, cancellationToken)).PartitionId(partition);
            var signal = _signals.Watch(id);
            try
            {
                if (await ReadNowAsync(partition, offset, maximumBytes, cancellationToken) is { Count: > 0 } batches)
                {
                    return batches;
                }

                await signal.WaitAsync(offset, cancellationToken);
            }
            finally
            {
                _signals.Unwatch(id, signal);
            }
        }
    }

    private async Task<IReadOnlyList<RecordBatch>> ReadNowAsync(
        TopicPartition partition, long offset, int maximumBytes, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var known = (await _topics.GetAsync(partition.Topic, cancellationToken)).PartitionId(partition);
        var batches = _recent.Read(known, offset, maximumBytes);
        if (batches.Count > 0)
        {
            return batches;
        }

        var bounds = await FindAsync(
            partition,
            async id =>
            {
                var result =
                    await Telemetry.MeasureReadAsync(() => _reader.ReadAsync(id, offset, maximumBytes, cancellationToken).AsTask());
                batches = result.Batches;
                if (result.Bounds?.End == (batches.Count > 0 ? batches[^1].NextOffset : offset))
                {
                    _recent.Follow(id);
                }

                return result.Bounds;
            },
            cancellationToken);
        return offset >= bounds.Start && offset <= bounds.End
            ? batches
            : throw new OffsetOutOfRangeException(partition, offset, bounds.Start, bounds.End);
    }

    /// <summary>Queries a partition. If the partition no longer exists, its topic is looked up again and the query is repeated.</summary>
    private async ValueTask<T> FindAsync<T>(TopicPartition partition, Func<int, ValueTask<T?>> look, CancellationToken cancellationToken)
        where T : struct
    {
        while (true)
        {
            ThrowIfDisposed();
            var id = (await _topics.GetAsync(partition.Topic, cancellationToken)).PartitionId(partition);
            if (await look(id) is { } found)
            {
                return found;
            }

            _topics.Forget(partition.Topic);
            _reader.Forget(id);
            _recent.Forget(id);
        }
    }
}
