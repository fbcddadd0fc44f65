using System.Text;

namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>What a partition of the log is, in the simplest terms: values, and for each producer its epoch and last five batches.</summary>
internal sealed class ModelPartition(TopicPartition partition)
{
    private readonly Dictionary<long, (short Epoch, List<Remembered> Batches)> _producers = [];

    public List<string> Values { get; } = [];

    public AppendResult Append(RecordBatch batch)
    {
        var (epoch, batches) = _producers.GetValueOrDefault(batch.ProducerId, (batch.ProducerEpoch, []));
        if (batch.ProducerEpoch < epoch)
        {
            throw new ProducerFencedException(partition, batch.ProducerId, batch.ProducerEpoch, epoch);
        }

        batches = batch.ProducerEpoch == epoch ? batches : [];
        var expected = batches.Count == 0 ? 0 : batches[^1].Sequence + batches[^1].Count;
        if (batch.BaseSequence > expected)
        {
            throw new SequenceGapException(partition, batch.ProducerId, expected, batch.BaseSequence);
        }

        if (batch.BaseSequence < expected)
        {
            var repeated = batches.TakeLast(DuplicateSequenceException.Limit)
                .FirstOrDefault(remembered => remembered.Sequence == batch.BaseSequence && remembered.Count == batch.Count);
            return repeated is null
                ? throw new DuplicateSequenceException(partition, batch.ProducerId, batch.BaseSequence)
                : new(repeated.Offset, repeated.Offset + batch.Count, IsRepeat: true);
        }

        var offset = Values.Count;
        foreach (var record in batch.Decompress())
        {
            Values.Add(Encoding.UTF8.GetString(record.ValueSpan));
        }

        _producers[batch.ProducerId] = (batch.ProducerEpoch, [.. batches, new(batch.BaseSequence, batch.Count, offset)]);
        return new(offset, Values.Count, IsRepeat: false);
    }

    /// <summary>Forgets every producer, as a store does with one that stayed away for long.</summary>
    public void ForgetProducers() => _producers.Clear();

    private sealed record Remembered(int Sequence, int Count, long Offset);
}
