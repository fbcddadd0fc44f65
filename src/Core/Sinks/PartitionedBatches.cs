using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Sinks;

/// <summary>Record batches under construction for the partitions of one topic.</summary>
internal sealed class PartitionedBatches(TopicName topic, int partitions, int batchBytes)
{
    private readonly List<RecordBatchBuilder>?[] _builders = new List<RecordBatchBuilder>?[partitions];
    private readonly List<Undo> _undo = [];

    public void Put(
        int partition, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, long timestamp, IReadOnlyList<Header>? headers)
    {
        var size = RecordBatchBuilder.MaximumRecordBytes(key.Length, value.Length);
        if (size > RecordLimits.Default.BatchBytes)
        {
            throw new PermanentException($"A record of {size} bytes for topic '{topic}' is larger than a batch may be ({RecordLimits.Default.BatchBytes} bytes).");
        }

        var builders = _builders[partition] ??= [];
        if (builders.Count == 0 || (builders[^1].Count > 0 && builders[^1].Bytes + size > batchBytes))
        {
            builders.Add(new RecordBatchBuilder());
        }

        var builder = builders[^1];
        _undo.Add(new Undo(builder, builder.SetMark()));
        builder.Append(hasKey && key.IsEmpty ? [] : key, value, timestamp, headers);
    }

    public void Keep() => _undo.Clear();

    public void Forget()
    {
        for (var index = _undo.Count - 1; index >= 0; index--)
        {
            _undo[index].Builder.RollBack(_undo[index].Mark);
        }

        _undo.Clear();
    }

    public void Append(PartitionedBatches later)
    {
        for (var partition = 0; partition < _builders.Length; partition++)
        {
            if (later._builders[partition] is not { } added)
            {
                continue;
            }

            if (_builders[partition] is not { } builders)
            {
                _builders[partition] = added;
                continue;
            }

            foreach (var builder in added)
            {
                if (builders[^1].Bytes + builder.Bytes <= batchBytes)
                {
                    builders[^1].Append(builder);
                }
                else
                {
                    builders.Add(builder);
                }
            }
        }
    }

    public void AddTo(List<TopicAppend> appends)
    {
        for (var partition = 0; partition < _builders.Length; partition++)
        {
            foreach (var builder in _builders[partition] ?? [])
            {
                if (builder.Count > 0)
                {
                    appends.Add(new TopicAppend(new TopicPartition(topic, partition), builder.Build()));
                }
            }
        }
    }

    private readonly record struct Undo(RecordBatchBuilder Builder, RecordBatchBuilder.Mark Mark);
}
