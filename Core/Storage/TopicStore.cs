using System.Diagnostics;
using Orleans.Pipeline.Tables;
using Orleans.Pipeline.Telemetry;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Storage;

/// <summary>
/// The base of a store: log, checkpoints and sink tables in one database. The base checks arguments and measures calls, so that all stores
/// refuse the same arguments and report the same metrics. A store implements the members that end in <c>Core</c>, and the abstract ones
/// that need no check and no measurement.
/// </summary>
/// <remarks>
/// <para>
/// A store is complete when it passes the contracts in <c>tests/Storage/Contracts</c>, on which the engines rely. An acknowledged append
/// or commit is durable. A commit is one transaction, is made only under the newest epoch of its task, and is made once however often it
/// is repeated. An append of a producer is made once.
/// </para>
/// <para>
/// Every method must be safe to call from many threads at once. While the database is unreachable, methods throw
/// <see cref="StoreUnavailableException"/>, and the callers retry.
/// </para>
/// </remarks>
/// <param name="system">
/// OpenTelemetry's name for the database, such as <c>sqlite</c>: the tag <c>db.system.name</c> of the metrics.
/// </param>
public abstract partial class TopicStore(string system) : ITopicStore, ICheckpointStore
{
    private const int MaximumProducerName = 128;

    /// <inheritdoc/>
    public virtual string? Product => null;

    /// <inheritdoc/>
    public virtual int? SchemaVersion => null;

    /// <summary>The measurements of the database: transactions, reads, retention.</summary>
    protected StoreTelemetry Telemetry { get; } = new(system);

    /// <summary>Counts the records that producers date ahead of the clock. Default null: nothing is counted.</summary>
    protected DatedAhead? DatedAhead { get; init; }

    /// <inheritdoc/>
    public virtual ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default) => new((long?)null);

    /// <inheritdoc/>
    public virtual ValueTask CheckWritesAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default)
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
            ? throw new ArgumentException(
                $"The producer name has {name.Length} characters; give 1 to {MaximumProducerName}, or null for a new producer id.",
                nameof(name))
            : OpenProducerCoreAsync(name, cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        AppendAsync(partition, Guid.Empty, batch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken = default) =>
        TopicTelemetry.MeasuresAppends || DatedAhead?.IsIn(batch) == true
            ? MeasureAppendAsync(partition, topicId, batch, cancellationToken)
            : AppendCoreAsync(partition, topicId, batch, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        var batches = await ReadCoreAsync(partition, offset, maximumBytes, wait, cancellationToken);
        TopicTelemetry.NoteRead(partition.Topic, batches);
        return batches;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default)
    {
        foreach (var position in positions)
        {
            if (position.TopicId != Guid.Empty)
            {
                return ReadAnyOfAsync(topic, position.TopicId, positions, maximumBytes, wait, cancellationToken);
            }
        }

        return ReadAnyCoreAsync(topic, positions, maximumBytes, wait, cancellationToken);
    }

    /// <inheritdoc/>
    public abstract ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public virtual async ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(
        TopicName topic, CancellationToken cancellationToken = default)
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
    public abstract ValueTask<long> FindOffsetAsync(
        TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public ValueTask SettleAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken = default)
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
    /// <remarks>
    /// A start offset outside the partition's bounds is moved to the nearest bound. So is a committed offset that retention has passed.
    /// </remarks>
    public abstract ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default);

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
    /// <remarks>An offset outside the partition's bounds is moved to the nearest bound.</remarks>
    public abstract ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask NoteDefinedAsync(IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask<int> ForgetAsync(
        StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads several partitions without waiting. The partitions that have records share the bytes and take turns to be served first.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="positions">The offset to read each partition from; one or more, each partition once.</param>
    /// <param name="maximumBytes">The most bytes of batches over all partitions; the first batch is returned whatever its size.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    protected ValueTask<IReadOnlyList<PartitionRead>> ReadAnyNowAsync(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes, CancellationToken cancellationToken) =>
        new MultiPartitionRead(this, topic, positions, maximumBytes).ReadAsync(TimeSpan.Zero, cancellationToken);

    /// <summary>
    /// Reads positions of one topic. An identity never comes back, so the topic was the same all the time if it is so before and after.
    /// </summary>
    private async ValueTask<IReadOnlyList<PartitionRead>> ReadAnyOfAsync(
        TopicName topic,
        Guid topicId,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken)
    {
        await RequireAsync(topic, topicId, cancellationToken);
        try
        {
            var reads = await ReadAnyCoreAsync(topic, positions, maximumBytes, wait, cancellationToken);
            await RequireAsync(topic, topicId, cancellationToken);
            return reads;
        }
        catch (Exception refused) when (refused is OffsetOutOfRangeException or UnknownPartitionException)
        {
            await RequireAsync(topic, topicId, cancellationToken);
            throw;
        }
    }

    private async ValueTask RequireAsync(TopicName topic, Guid topicId, CancellationToken cancellationToken)
    {
        if (await GetTopicIdAsync(topic, cancellationToken) != topicId)
        {
            var found = await FindTopicAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
            TopicReplacedException.ThrowIfReplaced(found, topicId);
        }
    }

    private async ValueTask<AppendResult> MeasureAppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken)
    {
        using var span = TopicTelemetry.StartAppend(partition, batch);
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await AppendCoreAsync(partition, topicId, batch, cancellationToken);
            TopicTelemetry.NoteAppend(partition.Topic, batch, result, Stopwatch.GetElapsedTime(began));
            if (!result.IsRepeat && DatedAhead?.IsIn(batch) == true)
            {
                DatedAhead.Note(partition, batch, result.BaseOffset);
            }

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
