using Orleans.Pipeline.Gateway.Appending.Uploads;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Records of one request, routed to the partitions of their topic and gathered into batches within the limits.</summary>
/// <param name="topic">The topic.</param>
/// <param name="limits">The limits on records and batches.</param>
/// <param name="pool">The pool of the batches' memory.</param>
/// <param name="producer">The producer of the records; null for none.</param>
internal sealed class PartitionedRecords(
    TopicDescription topic, RecordLimits limits, RecordBatchBuilderPool pool, UploadProducer? producer = null)
{
    private readonly SortedDictionary<int, PartitionBuilders> _partitions = [];

    public int RecordLimit { get; } = Math.Min(limits.RecordBytes, limits.BatchBytes - RecordBatch.HeaderBytes);

    /// <summary>The number of records that were added and not skipped.</summary>
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The number of the first record that was not skipped.</summary>
    public long FirstNumber { get; private set; }

    /// <summary>Adds a record, or skips it if its producer has appended it before.</summary>
    /// <param name="position">The record's position in the request, for errors.</param>
    /// <param name="key">Its key; a default span for none.</param>
    /// <param name="value">Its value; a default span for none.</param>
    /// <param name="timestamp">The record's time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="partition">Its partition; null to choose by key.</param>
    /// <param name="keylessPartition">Its partition if none is named and it has no key.</param>
    /// <exception cref="UnknownPartitionException">The partition does not exist; the record was not added.</exception>
    /// <exception cref="InvalidRecordException">The record is over a limit; it was not added.</exception>
    public void Add(
        RecordPosition position,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        long timestamp,
        IReadOnlyList<Header>? headers,
        int? partition,
        int keylessPartition)
    {
        var chosen = partition ?? (key.IsNone() ? keylessPartition : KeyPartitioner.PartitionOf(key, topic.Settings.Partitions));
        if (chosen < 0 || chosen >= topic.Settings.Partitions)
        {
            throw new UnknownPartitionException(new(topic.Topic, chosen), topic.Settings.Partitions);
        }

        if (headers?.Count > limits.Headers)
        {
            throw new InvalidRecordException(position, $"it has {headers.Count} headers; the limit is {limits.Headers}.");
        }

        if (!RecordTime.IsValid(timestamp))
        {
            throw new InvalidRecordException(
                position, $"its timestamp {timestamp} is outside the years 1 to 9999. Give it in milliseconds since 1970-01-01T00:00:00Z.");
        }

        if (producer?.TrySkip(chosen) == true)
        {
            return;
        }

        if (!_partitions.TryGetValue(chosen, out var batches))
        {
            _partitions[chosen] = batches = new PartitionBuilders(limits, pool);
        }

        var bytes = batches.Add(key, value, timestamp, headers, RecordLimit);
        if (bytes > RecordLimit)
        {
            throw new InvalidRecordException(position, $"it has {bytes} bytes; the limit is {RecordLimit}.");
        }

        FirstNumber = Count == 0 ? position.Number : FirstNumber;
        Count++;
        Bytes += bytes;
    }

    /// <summary>Appends the records, in order within each partition. No record may be added until that is done.</summary>
    /// <returns>The offsets of the records, by partition.</returns>
    public async Task<IReadOnlyList<AppendedRangeBody>> AppendAsync(ITopicStore store, CancellationToken cancellationToken) =>
        await Task.WhenAll(_partitions
            .Where(entry => entry.Value.Builders.Count > 0)
            .Select(entry => AppendInOrderAsync(store, new(topic.Topic, entry.Key), entry.Value.Builders, cancellationToken)));

    /// <summary>Removes the records. Call it when they are appended.</summary>
    public void Clear()
    {
        foreach (var batches in _partitions.Values)
        {
            batches.Clear();
        }

        (Count, Bytes) = (0, 0);
    }

    private async Task<AppendedRangeBody> AppendInOrderAsync(
        ITopicStore store, TopicPartition partition, IReadOnlyList<RecordBatchBuilder> builders, CancellationToken cancellationToken)
    {
        AppendedRangeBody? range = null;
        foreach (var builder in builders)
        {
            var batch = producer?.Build(partition.Partition, builder)
                ?? builder.BuildInPlace(RecordBatch.NoProducer, -1, -1, Compression.None);
            var (baseOffset, nextOffset, _) = await store.AppendAsync(partition, topic.Id, batch, cancellationToken);
            var next = new AppendedRangeBody(partition.Partition, baseOffset, nextOffset, batch.Count);
            range = range?.Through(next) ?? next;
        }

        return range!;
    }
}

/// <summary>The records of one partition, in batches of the usual size. A batch is larger only if a single record needs it.</summary>
internal sealed class PartitionBuilders(RecordLimits limits, RecordBatchBuilderPool pool)
{
    /// <summary>The size at which the next batch begins. A reader gets, and one write to the log holds, a batch as a whole.</summary>
    private const int UsualBatchBytes = 1 << 20;

    private readonly List<RecordBatchBuilder> _builders = [];
    private readonly int _batchBytes = Math.Min(UsualBatchBytes, limits.BatchBytes);

    /// <summary>The batches, in order. None is empty.</summary>
    public IReadOnlyList<RecordBatchBuilder> Builders => _builders;

    /// <summary>Adds a record to the current batch, or to a new one if the record might not fit.</summary>
    /// <param name="key">Its key; a default span for none.</param>
    /// <param name="value">Its value; a default span for none.</param>
    /// <param name="timestamp">The record's time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="limit">The most bytes of the record. A larger record is not added.</param>
    /// <returns>The record's bytes.</returns>
    public int Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestamp, IReadOnlyList<Header>? headers, int limit)
    {
        var maximum = RecordBatchBuilder.MaximumRecordBytes(key.Length, value.Length, headers);
        var builder = _builders.Count > 0 && _builders[^1].Bytes + (long)maximum <= _batchBytes ? _builders[^1] : pool.Rent();
        var before = builder.SetMark();
        builder.Append(key, value, timestamp, headers);
        var bytes = builder.Bytes - before.Length;
        if (bytes > limit)
        {
            builder.RollBack(before);
        }

        if (builder.Count == 1 && before.Count == 0)
        {
            _builders.Add(builder);
        }

        return bytes;
    }

    /// <summary>Removes the batches. Call it when nothing reads them any more.</summary>
    public void Clear()
    {
        foreach (var builder in _builders)
        {
            pool.Return(builder);
        }

        _builders.Clear();
    }
}
