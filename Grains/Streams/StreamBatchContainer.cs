using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.DeadLetters;
using Orleans.Providers.Streams.Common;
using Orleans.Serialization;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>
/// Consecutive batches of a partition on their way to a consumer. Consumers on one silo share them without a copy. A consumer of
/// <see cref="RecordBatch"/> gets whole batches. A consumer of any other type gets single records, without those that were replayed for a
/// task, because subscribers have already received them.
/// </summary>
[GenerateSerializer, Immutable, Alias("pipeline.partition-batches"), SerializationCallbacks(typeof(OnDeserializedCallbacks))]
internal sealed partial class StreamBatchContainer(
    StreamId stream, IReadOnlyList<RecordBatch> batches, long firstOffset, long nextOffset, StreamValues values)
    : IBatchContainer, IOnDeserialized
{
    [Id(0)]
    private readonly StreamId _stream = stream;

    [Id(1)]
    private readonly RecordBatch[] _batches = [.. batches];

    [Id(2)]
    private readonly long _firstOffset = firstOffset;

    [Id(3)]
    private readonly long _nextOffset = nextOffset;

    [NonSerialized]
    private StreamValues _values = values;

    /// <summary>
    /// The subscriber's position, and the start and end of the partition, if the partition ends before it or its topic was made again; else
    /// null.
    /// </summary>
    [Id(4)]
    private readonly long[]? _range;

    public StreamBatchContainer(StreamId stream, OffsetOutOfRangeException outside, long nextOffset, StreamValues values)
        : this(stream, [], nextOffset, nextOffset, values) => _range = [outside.Offset, outside.Start, outside.End];

    public StreamId StreamId => _stream;

    /// <summary>Receives each error of the delivery; null if the delivery has no error handler.</summary>
    [field: NonSerialized]
    public Action<Exception>? Failed { get; set; }

    public bool HasRecords => _batches.Length > 0;

    public (long First, long Next) Range => (_firstOffset, _nextOffset);

    private TopicPartition Partition => new(
        Encoding.UTF8.GetString(_stream.Namespace.Span), PipelineStreams.PartitionOf(PipelineStreams.KeyOf(_stream)) ?? 0);

    public long NextOffset => _nextOffset;

    /// <summary>Gets the offset after the last batch, where reading continues.</summary>
    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(_nextOffset);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => typeof(T) == typeof(RecordBatch)
        ? (IEnumerable<Tuple<T, StreamSequenceToken>>)_batches.Select(batch => Tuple.Create(
            batch,
            (StreamSequenceToken)new EventSequenceTokenV2(batch.BaseOffset)))
        : _batches.SelectMany(Read<T>);

    /// <summary>Reports a partition that ends before the subscriber's position, or whose topic was made again.</summary>
    public void ReportRange()
    {
        if (_range is [var offset, var start, var end])
        {
            var isReplaced = offset <= end;
            Failed?.Invoke(isReplaced ? ReplacedBefore(offset, start) : new OffsetOutOfRangeException(Partition, offset, start, end));
        }
    }

    private TopicReplacedException ReplacedBefore(long offset, long start) => new(
        Partition.Topic,
        $"Topic '{Partition.Topic}' was deleted and created again. The position in partition {Partition.Partition} was {offset} of the old "
        + $"one. The records of the new one come from offset {start} on.");

    public bool ImportRequestContext() => false;

    public void OnDeserialized(DeserializationContext context) => _values = context.ServiceProvider.GetRequiredService<StreamValues>();

    /// <summary>Reads records one by one, so that an error is reported between the events before and after it.</summary>
    private IEnumerable<Tuple<T, StreamSequenceToken>> Read<T>(RecordBatch batch)
    {
        foreach (var (offset, value, hasValue) in RecordsOf(batch))
        {
            if (TryRead<T>(offset, value, hasValue, out var read))
            {
                yield return Tuple.Create(read, (StreamSequenceToken)new EventSequenceTokenV2(offset));
            }
        }
    }

    private List<(long Offset, ReadOnlyMemory<byte> Value, bool HasValue)> RecordsOf(RecordBatch batch)
    {
        var records = new List<(long Offset, ReadOnlyMemory<byte> Value, bool HasValue)>(batch.Count);
        foreach (var record in batch.Decompress())
        {
            if (record.Offset >= _firstOffset && !(record.HasHeaders && ReplayMark.Read(record) is not null))
            {
                records.Add((record.Offset, record.Value, record.HasValue));
            }
        }

        return records;
    }

    private bool TryRead<T>(long offset, ReadOnlyMemory<byte> value, bool hasValue, out T read)
    {
        read = default!;
        Exception? cause = null;
        try
        {
            if (hasValue)
            {
                read = _values.SerializerOf<T>().Deserialize(value);
                return true;
            }

            if (typeof(T) == typeof(byte[]) || typeof(T) == typeof(ReadOnlyMemory<byte>))
            {
                return true;
            }
        }
        catch (Exception unreadable) when (Failed is not null)
        {
            cause = unreadable;
        }

        (Failed ?? throw new InvalidOperationException($"Record {offset} of {Partition} has no value."))
            .Invoke(new UnreadableRecordException(Partition, offset, typeof(T), cause));
        return false;
    }
}
