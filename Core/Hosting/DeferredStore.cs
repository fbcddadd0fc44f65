using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Hosting;

/// <summary>A store that opens when its host starts. Services can be given the store before that.</summary>
/// <param name="open">Opens the store.</param>
internal sealed class DeferredStore<TStore>(Func<CancellationToken, ValueTask<TStore>> open)
    : DelegatingTopicLog, ITopicStore, ICheckpointStore, IAsyncDisposable
    where TStore : class, ITopicStore, ICheckpointStore, IAsyncDisposable
{
    private volatile TStore? _store;

    /// <exception cref="InvalidOperationException">The store is not open yet.</exception>
    public TStore Store => _store ?? throw new InvalidOperationException("The store opens when the host starts. Use it after that.");

    public string? Product => Store.Product;

    public int? SchemaVersion => Store.SchemaVersion;

    protected override ITopicLog Log => Store;

    /// <summary>Opens the store unless it is open. One call at a time.</summary>
    /// <exception cref="StoreUnusableException">The store cannot be used; the message says why.</exception>
    /// <exception cref="StoreUnavailableException">The store is unreachable for now.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken) => _store ??= await open(cancellationToken);

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? ValueTask.CompletedTask;

    public ValueTask<long?> GetSizeAsync(CancellationToken cancellationToken = default) => Store.GetSizeAsync(cancellationToken);

    public ValueTask CheckWritesAsync(CancellationToken cancellationToken = default) => Store.CheckWritesAsync(cancellationToken);

    public ValueTask<TopicDescription> UpdateTopicAsync(
        TopicName topic, TopicChange change, CancellationToken cancellationToken = default) =>
        Store.UpdateTopicAsync(topic, change, cancellationToken);

    public ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        Store.DeleteTopicAsync(topic, cancellationToken);

    public ValueTask<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Store.TrimAsync(now, cancellationToken);

    public ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default) =>
        Store.GetProducerProgressAsync(topic, producerId, cancellationToken);

    public ValueTask SettleAsync(
        TopicPartition partition,
        IReadOnlyList<OffsetRange> ranges,
        IReadOnlyList<TopicAppend> appends,
        CancellationToken cancellationToken = default) =>
        Store.SettleAsync(partition, ranges, appends, cancellationToken);

    public ValueTask<IReadOnlyList<OffsetRange>> ListSettledAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken = default) =>
        Store.ListSettledAsync(partition, offset, maximumCount, cancellationToken);

    public ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default) =>
        Store.PrepareTableAsync(table, cancellationToken);

    public ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
        Store.TakeOverAsync(task, source, startOffset, cancellationToken);

    public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
        Store.TakeOverPositionAsync(task, cancellationToken);

    public ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default) =>
        Store.CommitAsync(commit, cancellationToken);

    public ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
        Store.SeekAsync(task, offset, cancellationToken);

    public ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default) =>
        Store.ListAsync(cancellationToken);

    public ValueTask NoteDefinedAsync(IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default) =>
        Store.NoteDefinedAsync(stages, cancellationToken);

    public ValueTask<int> ForgetAsync(
        StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default) =>
        Store.ForgetAsync(stage, unlessSince, cancellationToken);

    public ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
        Store.SetPausedAsync(pipeline, paused, cancellationToken);

    public ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default) =>
        Store.IsPausedAsync(pipeline, cancellationToken);
}
