namespace Orleans.Pipeline.Topics;

/// <summary>Record batches under construction for the partitions of one topic.</summary>
/// <param name="topic">The topic.</param>
/// <param name="partitions">The number of its partitions.</param>
/// <param name="batchBytes">The bytes at which a batch is full. A larger record gets a batch of its own.</param>
/// <param name="largest">The most bytes of a record: key, value, headers and their lengths.</param>
internal sealed class PartitionedBatches(TopicName topic, int partitions, int batchBytes, int largest)
{
    private readonly List<RecordBatchBuilder>?[] _builders = new List<RecordBatchBuilder>?[partitions];
    private readonly List<Undo> _undo = [];

    /// <exception cref="PermanentException">The record is larger than a record may be; nothing was appended.</exception>
    public void Put(
        int partition,
        ReadOnlySpan<byte> key,
        bool hasKey,
        ReadOnlySpan<byte> value,
        bool hasValue,
        long timestamp,
        IReadOnlyList<Header> headers)
    {
        var most = RecordBatchBuilder.MaximumRecordBytes(key.Length, value.Length, headers);
        if (most > largest && RecordLimits.Measure(key.Length, value.Length, headers) is var size && size > largest)
        {
            throw new PermanentException(
                $"A record of {size} bytes for topic '{topic}' is over the limit of {largest} bytes. Make it smaller, or split it; or "
                + "raise Gateway:Limits:RecordBytes, and the limits of those who read the topic.");
        }

        var builder = BuilderFor(partition, (int)Math.Min((long)RecordBatch.HeaderBytes + most, Array.MaxLength));
        _undo.Add(new Undo(builder, builder.SetMark()));
        builder.Append(Given(key, hasKey), Given(value, hasValue), timestamp, headers);
    }

    private static ReadOnlySpan<byte> Given(ReadOnlySpan<byte> bytes, bool isThere) => !isThere ? default : bytes.IsEmpty ? ""u8 : bytes;

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

    /// <summary>Adds the finished batches without a copy. No record may be put in afterwards.</summary>
    public void AddTo(List<TopicAppend> appends)
    {
        for (var partition = 0; partition < _builders.Length; partition++)
        {
            foreach (var builder in _builders[partition] ?? [])
            {
                if (builder.Count > 0)
                {
                    var batch = builder.BuildInPlace(RecordBatch.NoProducer, producerEpoch: -1, baseSequence: -1, Compression.None);
                    appends.Add(new TopicAppend(new TopicPartition(topic, partition), batch));
                }
            }
        }
    }

    private RecordBatchBuilder BuilderFor(int partition, int recordBytes)
    {
        var builders = _builders[partition] ??= [];
        if (builders.Count == 0 || (builders[^1].Count > 0 && builders[^1].Bytes + recordBytes > batchBytes))
        {
            // The first builder grows with its records. After a full batch, the next will probably be full too.
            builders.Add(new RecordBatchBuilder(builders.Count == 0 ? recordBytes : Math.Max(recordBytes, batchBytes)));
        }

        return builders[^1];
    }

    private readonly record struct Undo(RecordBatchBuilder Builder, RecordBatchBuilder.Mark Mark);
}
