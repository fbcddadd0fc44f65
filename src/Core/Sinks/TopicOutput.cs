using System.Buffers;
using System.Text;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Sinks;

/// <summary>Values on their way into a topic: a record each, with the source record's timestamp and headers.</summary>
internal sealed class TopicOutput<T>(
    TopicName topic, int partitions, int batchBytes, Func<T, string?>? key, ISerializer<T> serializer) : SinkOutput<T>
{
    private readonly PartitionedBatches _batches = new(topic, partitions, batchBytes);
    private readonly ArrayBufferWriter<byte> _value = new();
    private byte[] _key = [];

    public override void Put(T value, StepContext context)
    {
        _value.ResetWrittenCount();
        serializer.Serialize(value, _value);
        var bytes = _value.WrittenCount == 0 ? [] : _value.WrittenSpan;
        if (key is not null)
        {
            Put(key(value), bytes, context);
        }
        else if (context.HasKey)
        {
            _batches.Put(KeyPartitioner.PartitionOf(context.Key.Span, partitions), context.Key.Span, hasKey: true, bytes, context.TimestampMs, context.Headers);
        }
        else
        {
            _batches.Put(context.Source.Partition % partitions, default, hasKey: false, bytes, context.TimestampMs, context.Headers);
        }
    }

    public override void Keep() => _batches.Keep();

    public override void Forget() => _batches.Forget();

    public override void Append(SinkOutput later) => _batches.Append(((TopicOutput<T>)later)._batches);

    public override void AddTo(List<TopicAppend> appends, List<TableWrite> tables) => _batches.AddTo(appends);

    private void Put(string? text, ReadOnlySpan<byte> bytes, StepContext context)
    {
        if (text is null)
        {
            _batches.Put(context.Source.Partition % partitions, default, hasKey: false, bytes, context.TimestampMs, context.Headers);
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_key.Length < most)
        {
            _key = new byte[most * 2];
        }

        var encoded = _key.AsSpan(0, Encoding.UTF8.GetBytes(text, _key));
        _batches.Put(KeyPartitioner.PartitionOf(encoded, partitions), encoded, hasKey: true, bytes, context.TimestampMs, context.Headers);
    }
}
