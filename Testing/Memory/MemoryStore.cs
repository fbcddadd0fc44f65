using Orleans.Pipeline.Storage;

namespace Orleans.Pipeline.Testing.Memory;

/// <summary>
/// A store in the memory of this process, made of the public store kit alone: <see cref="TopicStore"/> checks and measures, and each method
/// here is one transaction of a <see cref="MemoryDatabase"/>. It is the example of a store; nothing in it is durable.
/// </summary>
/// <param name="database">What the store keeps.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class MemoryStore(MemoryDatabase database, TimeProvider timeProvider) : TopicStore("memory")
{
    /// <summary>How long a producer is remembered that was neither opened nor seen.</summary>
    private static readonly TimeSpan ProducerExpiry = TimeSpan.FromDays(7);

    public override string Product => "Memory";

    private DateTimeOffset Now => timeProvider.GetUtcNow();

    public override ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default) => database.RunAsync(
        state => (long?)state.Topics.Values.SelectMany(topic => topic.Partitions).Sum(partition => partition.Bounds.Bytes),
        cancellationToken);

    public override ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.Topics.GetValueOrDefault(topic)?.Description, cancellationToken);

    public override ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<TopicDescription>>(
            state => [.. state.Topics.Values.Select(topic => topic.Description)], cancellationToken);

    public override async ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        await database.RunAsync(state => state.DeleteTopic(topic), cancellationToken);

    public override ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default) => database.RunAsync<IReadOnlyList<long>>(
        state => [.. state.GetTopic(topic).Partitions.Select(partition => partition.Sequences.CountRecords(producerId))],
        cancellationToken);

    public override ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.GetPartition(partition).Bounds, cancellationToken);

    public override ValueTask<long> FindOffsetAsync(
        TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.GetPartition(partition).FindOffset(time), cancellationToken);

    public override ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.Tasks.TakeOver(state, task, source, startOffset, Now), cancellationToken);

    public override ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.Tasks.TakeOverPosition(task, Now), cancellationToken);

    public override ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.Tasks.Seek(state, task, offset), cancellationToken);

    public override ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.Tasks.List(), cancellationToken);

    public override async ValueTask NoteDefinedAsync(
        IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default) =>
        await database.RunAsync(state => state.Tasks.NoteDefined(stages, Now), cancellationToken);

    public override ValueTask<int> ForgetAsync(
        StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.Tasks.Forget(stage, unlessSince), cancellationToken);

    public override async ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
        await database.RunAsync(
            state => paused ? state.PausedPipelines.Add(pipeline) : state.PausedPipelines.Remove(pipeline), cancellationToken);

    public override ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default) =>
        database.RunAsync(state => state.PausedPipelines.Contains(pipeline), cancellationToken);

    protected override ValueTask<TopicDescription> CreateTopicCoreAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken) =>
        database.RunAsync(state => state.CreateTopic(topic, settings, Now), cancellationToken);

    protected override ValueTask<TopicDescription> UpdateTopicCoreAsync(
        TopicName topic, TopicChange change, CancellationToken cancellationToken) =>
        database.RunAsync(state => state.UpdateTopic(topic, change), cancellationToken);

    protected override ValueTask<ProducerIdentity> OpenProducerCoreAsync(string? name, CancellationToken cancellationToken) =>
        database.RunAsync(state => state.Producers.Open(name, Now), cancellationToken);

    protected override ValueTask<AppendResult> AppendCoreAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken) => Telemetry.MeasureWriteAsync(
        "append", requests: 1, batch.Bytes.Length,
        () => database.RunAsync(state => state.Append(partition, topicId, batch, Now), cancellationToken));

    protected override async ValueTask<IReadOnlyList<RecordBatch>> ReadCoreAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken)
    {
        var (batches, changed) = await ReadNowAsync(partition, offset, maximumBytes, cancellationToken);
        if (batches.Count > 0 || wait == TimeSpan.Zero)
        {
            return batches;
        }

        try
        {
            await changed.WaitAsync(wait, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            return [];
        }

        return (await ReadNowAsync(partition, offset, maximumBytes, cancellationToken)).Batches;
    }

    protected override async ValueTask SettleCoreAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken)
    {
        await Telemetry.MeasureWriteAsync(
            "commit", requests: 1, BytesOf(appends),
            () => database.RunAsync(state => state.Settle(partition, ranges, appends, Now), cancellationToken));
        NoteAppended(appends);
    }

    protected override ValueTask<IReadOnlyList<OffsetRange>> ListSettledCoreAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken) =>
        database.RunAsync(state => state.GetPartition(partition).Settled.List(offset, maximumCount), cancellationToken);

    protected override ValueTask<long> TrimCoreAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.RunAsync(state => Retention.Trim(state, now, now - ProducerExpiry), cancellationToken);

    protected override async ValueTask PrepareTableCoreAsync(TableSchema table, CancellationToken cancellationToken) =>
        await database.RunAsync(state => state.Tables.Prepare(table), cancellationToken);

    protected override async ValueTask CommitCoreAsync(Commit commit, CancellationToken cancellationToken)
    {
        var isNew = await Telemetry.MeasureWriteAsync(
            "commit", requests: 1, BytesOf(commit.Appends),
            () => database.RunAsync(state => state.Tasks.Commit(state, commit, Now), cancellationToken));
        if (isNew)
        {
            NoteAppended(commit.Appends);
        }
    }

    /// <summary>Reads without waiting, and gets the signal of the same moment, so that no append is missed between the two.</summary>
    private async ValueTask<(IReadOnlyList<RecordBatch> Batches, Task Changed)> ReadNowAsync(
        TopicPartition partition, long offset, int maximumBytes, CancellationToken cancellationToken) =>
        await Telemetry.MeasureReadAsync(() => database.RunAsync(
            state =>
            {
                var source = state.GetPartition(partition);
                return (source.Read(offset, maximumBytes), source.Changed);
            },
            cancellationToken).AsTask());

    private static long BytesOf(IReadOnlyList<TopicAppend> appends) => appends.Sum(append => (long)append.Batch.Bytes.Length);

    private static void NoteAppended(IReadOnlyList<TopicAppend> appends)
    {
        foreach (var append in appends)
        {
            StoreTelemetry.NoteAppended(append);
        }
    }
}
