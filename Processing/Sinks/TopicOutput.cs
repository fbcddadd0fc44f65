using System.Buffers;
using System.Text;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Sinks;

/// <summary>Gathers values for a topic: one record per value, with the source record's timestamp and headers.</summary>
internal sealed class TopicOutput<T>(
    TopicName topic, int partitions, OutputContext context, Func<T, string?>? key, ISerializer<T> serializer) : SinkOutput<T>
{
    private readonly PartitionedBatches _batches = new(topic, partitions, context.BatchBytes, context.RecordBytes);
    private readonly ArrayBufferWriter<byte> _value = new();
    private byte[] _key = [];

    public override void Put(T value, StepContext context)
    {
        _value.ResetWrittenCount();
        var hasValue = Serializers.HasValue(value);
        if (hasValue)
        {
            serializer.Serialize(value, _value);
        }

        if (key is null)
        {
            Put(context.Key.Span, context.HasKey, hasValue, context);
        }
        else if (key(value) is { } text)
        {
            Put(Encode(text), hasKey: true, hasValue, context);
        }
        else
        {
            Put(default, hasKey: false, hasValue, context);
        }
    }

    public override void Accept() => _batches.Keep();

    public override void Discard() => _batches.Forget();

    public override void Append(SinkOutput later) => _batches.Append(((TopicOutput<T>)later)._batches);

    public override void AddTo(List<TopicAppend> appends, List<TableWrite> tables) => _batches.AddTo(appends);

    /// <summary>
    /// The key selects the partition. Without a key the number of the source's partition selects it, so that the order is kept.
    /// </summary>
    private void Put(ReadOnlySpan<byte> recordKey, bool hasKey, bool hasValue, StepContext context)
    {
        var partition = hasKey ? KeyPartitioner.PartitionOf(recordKey, partitions) : context.Source.Partition % partitions;
        _batches.Put(partition, recordKey, hasKey, _value.WrittenSpan, hasValue, context.TimestampMs, context.Headers);
    }

    private ReadOnlySpan<byte> Encode(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_key.Length < most)
        {
            _key = new byte[most * 2];
        }

        return _key.AsSpan(0, Encoding.UTF8.GetBytes(text, _key));
    }
}
