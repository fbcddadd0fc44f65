using System.Buffers;
using System.Collections.Concurrent;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>Converts values of streams to record bytes and back, as pipelines do: byte arrays as they are, all else as JSON.</summary>
internal sealed class StreamValues(PipelineCatalog catalog, TimeProvider timeProvider, RecordLimits? limits = null)
{
    private readonly ConcurrentDictionary<Type, object> _serializers = [];
    private readonly RecordLimits _limits = limits ?? RecordLimits.Default;

    public ISerializer<T> SerializerOf<T>() =>
        (ISerializer<T>)_serializers.GetOrAdd(
            typeof(T), static (type, json) => type == typeof(byte[]) ? new BytesSerializer() : Serializers.Default<T>(json), catalog.Json);

    /// <summary>Builds a batch of values under a key, each with the current time; null if there are no values.</summary>
    public RecordBatch? BatchOf<T>(IEnumerable<T> values, ReadOnlyMemory<byte> key, bool hasKey)
    {
        var serializer = SerializerOf<T>();
        var value = new ArrayBufferWriter<byte>();
        var builder = new RecordBatchBuilder();
        var timestamp = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var item in values)
        {
            value.ResetWrittenCount();
            if (Serializers.HasValue(item))
            {
                serializer.Serialize(item, value);
            }

            if (RecordLimits.Measure(key.Length, value.WrittenCount, []) is var bytes && bytes > _limits.RecordBytes)
            {
                throw new InvalidRecordBatchException(
                    $"an event has {bytes} bytes with its key; the limit of a record is {_limits.RecordBytes}.");
            }

            builder.Append(
                hasKey ? key.Span : default,
                !Serializers.HasValue(item) ? default : value.WrittenCount == 0 ? ""u8 : value.WrittenSpan,
                timestamp);
        }

        if (builder.Bytes > _limits.BatchBytes)
        {
            throw new InvalidRecordBatchException(
                $"{builder.Count} events pushed at once have {builder.Bytes} bytes; the limit is {_limits.BatchBytes}. "
                + "Push fewer at once.");
        }

        return builder.Count == 0 ? null : builder.Build();
    }

    private sealed class BytesSerializer : ISerializer<byte[]>
    {
        public void Serialize(byte[] value, IBufferWriter<byte> destination) => destination.Write(value);

        public byte[] Deserialize(ReadOnlyMemory<byte> bytes) => bytes.ToArray();
    }
}
