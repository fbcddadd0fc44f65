using System.Diagnostics;
using Orleans.Pipeline.Tables;
using Orleans.Pipeline.Telemetry;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Storage;

/// <summary>
/// The base of a store: log, checkpoints and sink tables in one database. It checks arguments and measures, so that all stores refuse the
/// same and report the same metrics; a store implements the members that end in <c>Core</c>, and those that need neither.
/// </summary>
/// <remarks>
/// <para>
/// A store is whole when it passes the contracts in <c>tests/Storage/Contracts</c>. They are what the engines rely on: an append or a commit
/// that was acknowledged is durable; a commit is one transaction, made under the newest epoch of its task only, and made once however often
/// it is repeated; an append of a producer is made once.
/// </para>
/// <para>
/// Every method must be safe to call from many threads at once. While the database is away, methods throw
/// <see cref="StoreUnavailableException"/>, and the callers try again.
/// </para>
/// </remarks>
/// <param name="system">The database by OpenTelemetry's name for it, such as <c>sqlite</c>: the tag <c>db.system.name</c> of the metrics.</param>
public abstract class TopicStore(string system) : ITopicStore, ICheckpointStore
{
    private const int MaximumProducerName = 128;

    /// <inheritdoc/>
    public virtual string? Product => null;

    /// <inheritdoc/>
    public virtual int? SchemaVersion => null;

    /// <summary>The measurements of the database: transactions, reads, retention.</summary>
    protected StoreTelemetry Telemetry { get; } = new(system);

    /// <inheritdoc/>
    public virtual ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default) => new((long?)null);

    /// <inheritdoc/>
    public ValueTask<TopicDescription> CreateTopicAsync(TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default)
    {
        settings.Validate(topic);
        return CreateTopicCoreAsync(topic, settings, cancellationToken);
    }

    /// <inheritdoc/>
    public abstract ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public ValueTask<TopicDescription> UpdateTopicAsync(TopicName topic, TopicChange change, CancellationToken cancellationToken = default)
    {
        change.Validate(topic);
        return UpdateTopicCoreAsync(topic, change, cancellationToken);
    }

    /// <inheritdoc/>
    public abstract ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name is empty or longer than 128 characters.</exception>
    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        name is { Length: 0 or > MaximumProducerName }
            ? throw new ArgumentException($"The producer name has {name.Length} characters; give 1 to {MaximumProducerName}, or null for a new producer id.", nameof(name))
            : OpenProducerCoreAsync(name, cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(TopicName topic, long producerId, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        TopicTelemetry.MeasuresAppends ? MeasureAppendAsync(partition, batch, cancellationToken) : AppendCoreAsync(partition, batch, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        var batches = await ReadCoreAsync(partition, offset, maximumBytes, wait, cancellationToken);
        TopicTelemetry.NoteRead(partition.Topic, batches);
        return batches;
    }

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        new MultiPartitionRead(this, topic, positions, maximumBytes).ReadAsync(wait, cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public virtual async ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        var description = await FindTopicAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
        var bounds = new PartitionBounds[description.Settings.Partitions];
        for (var partition = 0; partition < bounds.Length; partition++)
        {
            bounds[partition] = await GetBoundsAsync(new TopicPartition(topic, partition), cancellationToken);
        }

        return bounds;
    }

    /// <inheritdoc/>
    public abstract ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public ValueTask SettleAsync(
        TopicPartition partition, IReadOnlyList<OffsetRange> ranges, IReadOnlyList<TopicAppend> appends, CancellationToken cancellationToken = default)
    {
        OffsetRange.Validate(ranges);
        return SettleCoreAsync(partition, ranges, appends, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OffsetRange>> ListSettledAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, 1);
        return ListSettledCoreAsync(partition, offset, maximumCount, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await Telemetry.MeasureTrimAsync(() => TrimCoreAsync(now, cancellationToken).AsTask());

    /// <inheritdoc/>
    /// <exception cref="InvalidTableException">The definition breaks a rule; nothing was changed.</exception>
    public ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default)
    {
        TableRules.Validate(table);
        return PrepareTableCoreAsync(table, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>An offset outside the partition, the start offset or a committed one that retention passed, is moved to its nearest end.</remarks>
    public abstract ValueTask<Checkpoint> TakeOverAsync(TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The commit covers no offset.</exception>
    /// <exception cref="UnknownTopicException">An append is for a topic that does not exist.</exception>
    /// <exception cref="UnknownPartitionException">An append is for a partition that does not exist.</exception>
    /// <exception cref="TableRowException">A row does not fit its table.</exception>
    /// <exception cref="TableMismatchException">Rows are for a table that was not prepared.</exception>
    public ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(commit.NextOffset, commit.FirstOffset);
        return CommitCoreAsync(commit, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>An offset outside the partition is moved to its nearest end.</remarks>
    public abstract ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>Creates a topic with settings that were checked, as <see cref="ITopicLog.CreateTopicAsync"/> says.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<TopicDescription> CreateTopicCoreAsync(TopicName topic, TopicSettings settings, CancellationToken cancellationToken);

    /// <summary>Changes a topic's settings to values that were checked, as <see cref="ITopicStore.UpdateTopicAsync"/> says.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<TopicDescription> UpdateTopicCoreAsync(TopicName topic, TopicChange change, CancellationToken cancellationToken);

    /// <summary>Opens a producer under a name that was checked, as <see cref="ITopicLog.OpenProducerAsync"/> says.</summary>
    /// <param name="name">A name of 1 to 128 characters; null for a new id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<ProducerIdentity> OpenProducerCoreAsync(string? name, CancellationToken cancellationToken);

    /// <summary>Appends a batch, as <see cref="ITopicLog.AppendAsync"/> says.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="batch">A validated batch.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<AppendResult> AppendCoreAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Reads batches, as <see cref="ITopicLog.ReadAsync"/> says. A store measures the reading of its database, without the waiting, by
    /// <see cref="StoreTelemetry.MeasureReadAsync{T}"/>.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset to read from.</param>
    /// <param name="maximumBytes">Stop before passing this many bytes.</param>
    /// <param name="wait">How long to wait at the end.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<IReadOnlyList<RecordBatch>> ReadCoreAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>
    /// Settles ranges that were checked, as <see cref="ITopicStore.SettleAsync"/> says, and reports what it appended by
    /// <see cref="StoreTelemetry.NoteAppended"/>.
    /// </summary>
    /// <param name="partition">The partition that holds the records.</param>
    /// <param name="ranges">Ranges in order that do not overlap.</param>
    /// <param name="appends">Batches for any topics.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask SettleCoreAsync(
        TopicPartition partition, IReadOnlyList<OffsetRange> ranges, IReadOnlyList<TopicAppend> appends, CancellationToken cancellationToken);

    /// <summary>Lists settled ranges, as <see cref="ITopicStore.ListSettledAsync"/> says.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset to look from.</param>
    /// <param name="maximumCount">How many ranges to list at the most; 1 or more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<IReadOnlyList<OffsetRange>> ListSettledCoreAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken);

    /// <summary>Applies retention, as <see cref="ITopicStore.TrimAsync"/> says, and reports by <see cref="StoreTelemetry.NoteRemoved"/> what it removed.</summary>
    /// <param name="now">The time by which age is judged.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many records were removed.</returns>
    protected abstract ValueTask<long> TrimCoreAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Creates or checks a table whose definition was checked, as <see cref="ICheckpointStore.PrepareTableAsync"/> says.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask PrepareTableCoreAsync(TableSchema table, CancellationToken cancellationToken);

    /// <summary>
    /// Commits all or nothing, as <see cref="ICommitter.CommitAsync"/> says, and reports what it appended by
    /// <see cref="StoreTelemetry.NoteAppended"/>, once however often the commit is repeated.
    /// </summary>
    /// <param name="commit">The new offset and the effects.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask CommitCoreAsync(Commit commit, CancellationToken cancellationToken);

    /// <summary>Reads several partitions without waiting, sharing the bytes over those that have records, each served first in its turn.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="positions">Where to read each partition from; one or more, each partition once.</param>
    /// <param name="maximumBytes">Stop before passing this many bytes over all partitions.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    protected ValueTask<IReadOnlyList<PartitionRead>> ReadAnyNowAsync(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes, CancellationToken cancellationToken) =>
        new MultiPartitionRead(this, topic, positions, maximumBytes).ReadAsync(TimeSpan.Zero, cancellationToken);

    private async ValueTask<AppendResult> MeasureAppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken)
    {
        using var span = TopicTelemetry.StartAppend(partition, batch);
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await AppendCoreAsync(partition, batch, cancellationToken);
            TopicTelemetry.NoteAppend(partition.Topic, batch, result, Stopwatch.GetElapsedTime(began));
            return result;
        }
        catch (Exception error)
        {
            TopicTelemetry.NoteFailedAppend(partition.Topic, error, Stopwatch.GetElapsedTime(began));
            span.Fail(error);
            throw;
        }
    }
}
