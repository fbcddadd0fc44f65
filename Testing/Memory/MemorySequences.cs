namespace Orleans.Pipeline.Testing.Memory;

/// <summary>
/// What a partition remembers of each producer: its epoch, its last batches and its number of records. So a batch of a producer is appended
/// once, and only after the one before it.
/// </summary>
internal sealed class MemorySequences(TopicPartition partition)
{
    private readonly Dictionary<long, Producer> _producers = [];

    /// <summary>Returns the result of the first time if a batch is a repeat; null if the batch must be appended.</summary>
    /// <param name="batch">The batch of a producer.</param>
    /// <param name="newestEpoch">The epoch under which the producer was opened last; -1 if it is not known.</param>
    /// <exception cref="ProducerFencedException">The producer has a newer epoch.</exception>
    /// <exception cref="SequenceGapException">A batch before this one is missing.</exception>
    /// <exception cref="DuplicateSequenceException">The batch repeats one that is no longer remembered.</exception>
    public AppendResult? FindRepeat(RecordBatch batch, short newestEpoch)
    {
        var (id, epoch, sequence) = (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence);
        var producer = _producers.GetValueOrDefault(id);
        var newest = Math.Max(newestEpoch, producer?.Epoch ?? -1);
        if (epoch < newest)
        {
            throw new ProducerFencedException(partition, id, epoch, newest);
        }

        var expected = producer?.Epoch == epoch ? producer.NextSequence : 0;
        if (sequence == expected)
        {
            return null;
        }

        // Sequences wrap, so a sequence is past if it is less than half of all sequences behind the expected one.
        var isPast = producer?.Epoch == epoch && ((expected - 1 - sequence) & int.MaxValue) < 1 << 30;
        if (!isPast)
        {
            throw new SequenceGapException(partition, id, expected, sequence);
        }

        return producer!.FindOffset(sequence, batch.Count) is { } offset
            ? new AppendResult(offset, offset + batch.Count, IsRepeat: true)
            : throw new DuplicateSequenceException(partition, id, sequence);
    }

    public void Remember(RecordBatch batch, long offset, DateTimeOffset now)
    {
        if (!_producers.TryGetValue(batch.ProducerId, out var producer))
        {
            _producers.Add(batch.ProducerId, producer = new());
        }

        producer.Add(batch, offset, now);
    }

    public bool Remembers(long producer) => _producers.ContainsKey(producer);

    /// <summary>Counts the records of a producer over all its epochs, removed ones included.</summary>
    public long CountRecords(long producer) => _producers.GetValueOrDefault(producer)?.Records ?? 0;

    /// <summary>Forgets producers that appended nothing since a time, unless they are kept.</summary>
    public void Forget(DateTimeOffset since, Func<long, bool> isKept)
    {
        foreach (var (id, _) in _producers.Where(each => each.Value.SeenAt < since && !isKept(each.Key)).ToList())
        {
            _producers.Remove(id);
        }
    }

    private sealed class Producer
    {
        private readonly Queue<(int Sequence, int Count, long Offset)> _batches = new();

        public short Epoch { get; private set; } = -1;

        public int NextSequence { get; private set; }

        public long Records { get; private set; }

        public DateTimeOffset SeenAt { get; private set; }

        public long? FindOffset(int sequence, int count) => _batches
            .Where(batch => batch.Sequence == sequence && batch.Count == count).Select(batch => (long?)batch.Offset).FirstOrDefault();

        public void Add(RecordBatch batch, long offset, DateTimeOffset now)
        {
            if (batch.ProducerEpoch != Epoch)
            {
                Epoch = batch.ProducerEpoch;
                _batches.Clear();
            }

            if (_batches.Count == DuplicateSequenceException.Limit)
            {
                _batches.Dequeue();
            }

            _batches.Enqueue((batch.BaseSequence, batch.Count, offset));
            NextSequence = RecordBatch.SequenceAfter(batch.BaseSequence, batch.Count);
            Records += batch.Count;
            SeenAt = now;
        }
    }
}
