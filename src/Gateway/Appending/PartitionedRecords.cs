using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Records of one request, routed to the partitions of their topic and gathered into batches within the limits.</summary>
internal sealed class PartitionedRecords(TopicDescription topic, RecordLimits limits, int keylessPartition)
{
    private readonly int _recordLimit = Math.Min(limits.RecordBytes, limits.BatchBytes - RecordBatch.HeaderBytes);
    private readonly SortedDictionary<int, PartitionBatches> _partitions = [];

    /// <summary>How many records were added.</summary>
    public int Count { get; private set; }

    /// <summary>Each partition's batches, by partition.</summary>
    public IEnumerable<(TopicPartition Partition, IReadOnlyList<RecordBatch> Batches)> Build() =>
        _partitions.Select(entry => (new TopicPartition(topic.Topic, entry.Key), entry.Value.Build()));

    /// <summary>Adds a record.</summary>
    /// <param name="position">Which record of the request it is, for the error.</param>
    /// <param name="key">Its key; a default span for none.</param>
    /// <param name="value">Its value; a default span for none.</param>
    /// <param name="timestamp">Its time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="partition">Its partition; null to choose by key.</param>
    public void Add(
        RecordPosition position, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestamp, IReadOnlyList<Header>? headers, int? partition)
    {
        var hasKey = !Unsafe.IsNullRef(ref MemoryMarshal.GetReference(key));
        var chosen = partition ?? (hasKey ? KeyPartitioner.PartitionOf(key, topic.Settings.Partitions) : keylessPartition);
        if (chosen < 0 || chosen >= topic.Settings.Partitions)
        {
            throw new UnknownPartitionException(new(topic.Topic, chosen), topic.Settings.Partitions);
        }

        if (headers?.Count > limits.Headers)
        {
            throw new InvalidRecordException(position.ToString(), $"it has {headers.Count} headers; the limit is {limits.Headers}.");
        }

        if (!RecordTime.IsValid(timestamp))
        {
            throw new InvalidRecordException(
                position.ToString(), $"its timestamp {timestamp} is outside the years 1 to 9999. Give it in milliseconds since 1970-01-01T00:00:00Z.");
        }

        if (!_partitions.TryGetValue(chosen, out var batches))
        {
            _partitions[chosen] = batches = new PartitionBatches(limits);
        }

        var bytes = batches.Add(key, value, timestamp, headers);
        if (bytes > _recordLimit)
        {
            throw new InvalidRecordException(position.ToString(), $"it has {bytes} bytes; the limit is {_recordLimit}.");
        }

        Count++;
    }
}
