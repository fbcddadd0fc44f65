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

    public StreamId StreamId => _stream;

    public long NextOffset => _nextOffset;

    /// <summary>Gets the offset after the last batch, where reading continues.</summary>
    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(_nextOffset);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => typeof(T) == typeof(RecordBatch)
        ? (IEnumerable<Tuple<T, StreamSequenceToken>>)_batches.Select(batch => Tuple.Create(
            batch,
            (StreamSequenceToken)new EventSequenceTokenV2(batch.BaseOffset)))
        : _batches.SelectMany(Read<T>);

    public bool ImportRequestContext() => false;

    public void OnDeserialized(DeserializationContext context) => _values = context.ServiceProvider.GetRequiredService<StreamValues>();

    private List<Tuple<T, StreamSequenceToken>> Read<T>(RecordBatch batch)
    {
        var serializer = _values.SerializerOf<T>();
        var events = new List<Tuple<T, StreamSequenceToken>>(batch.Count);
        foreach (var record in batch.Decompress())
        {
            if (record.Offset >= _firstOffset && !(record.HasHeaders && ReplayMark.Read(record) is not null))
            {
                events.Add(Tuple.Create(
                    serializer.Deserialize(record.Value),
                    (StreamSequenceToken)new EventSequenceTokenV2(record.Offset)));
            }
        }

        return events;
    }
}
