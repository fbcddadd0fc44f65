using System.Collections.Concurrent;

namespace Orleans.Pipeline.FlowControl;

/// <summary>
/// A topic log that pushes appends back while the lag of their topic is over its <see cref="TopicSettings.LagLimit"/>. All else
/// goes to the log beneath as it is.
/// </summary>
/// <remarks>
/// The lag is looked up at most every 100 ms per topic, by one append at a time; the others go by the last answer meanwhile, so
/// a topic may pass its limit by what 100 ms bring.
/// </remarks>
internal sealed class AdmittingTopicLog : ITopicLog
{
    private readonly ConcurrentDictionary<TopicName, TopicAdmission> _admissions = new();
    private readonly ITopicLog _log;
    private readonly Func<TopicName, CancellationToken, ValueTask<long>> _lag;
    private readonly TimeProvider _time;

    /// <summary>Puts admission before a log.</summary>
    /// <param name="log">The log beneath.</param>
    /// <param name="lag">
    /// Tells a topic's lag in records, over all partitions behind the slowest pipeline, as
    /// <c>IPipelineEngine.GetLagAsync</c> does.
    /// </param>
    /// <param name="time">The clock by which the lag is looked up again.</param>
    public AdmittingTopicLog(ITopicLog log, Func<TopicName, CancellationToken, ValueTask<long>> lag, TimeProvider time)
    {
        _log = log;
        _lag = lag;
        _time = time;
    }

    /// <inheritdoc />
    public async ValueTask<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default)
    {
        await AdmitAsync(partition.Topic, cancellationToken);
        return await _log.AppendAsync(partition, batch, cancellationToken);
    }

    /// <summary>Admits an append, or pushes it back, as <see cref="AppendAsync"/> does first; for who has several batches for one topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BackpressureException">The topic's lag is over its limit.</exception>
    public async ValueTask AdmitAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        var admission = _admissions.GetOrAdd(topic, static _ => new TopicAdmission());
        if (admission.TryBeginRefresh(_time))
        {
            try
            {
                await RefreshAsync(topic, admission, cancellationToken);
            }
            finally
            {
                admission.EndRefresh();
            }
        }

        admission.ThrowIfOverLimit(topic, _time);
    }

    /// <inheritdoc />
    public ValueTask<TopicDescription> CreateTopicAsync(TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default) =>
        _log.CreateTopicAsync(topic, settings, cancellationToken);

    /// <inheritdoc />
    public ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        _log.FindTopicAsync(topic, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        _log.ListTopicsAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        _log.OpenProducerAsync(name, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        _log.ReadAsync(partition, offset, maximumBytes, wait, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        _log.ReadAnyAsync(topic, positions, maximumBytes, wait, cancellationToken);

    /// <inheritdoc />
    public ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        _log.GetBoundsAsync(partition, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        _log.GetTopicBoundsAsync(topic, cancellationToken);

    /// <inheritdoc />
    public ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        _log.FindOffsetAsync(partition, time, cancellationToken);

    private async ValueTask RefreshAsync(TopicName topic, TopicAdmission admission, CancellationToken cancellationToken)
    {
        if (await _log.FindTopicAsync(topic, cancellationToken) is not { } description)
        {
            // The append itself refuses an unknown topic; remembering it here would let bad names fill the memory.
            _admissions.TryRemove(topic, out _);
            return;
        }

        admission.Refresh(await _lag(topic, cancellationToken), description.Settings.LagLimit);
    }
}
