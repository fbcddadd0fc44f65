using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>
/// Makes appends idempotent, as Kafka's log does: remembers the epoch and the last five batches of each producer on each partition, and
/// counts its records, in the transaction of the append.
/// </summary>
/// <remarks>
/// A producer that a partition does not know must start at sequence 0. Kafka lets such a producer start anywhere, because Kafka forgets a
/// producer with the records that retention removes. This store forgets only a producer without a name, after it was idle for
/// <see cref="SqliteStoreSettings.ProducerExpiry"/>. Then the producer's next sequence is refused as a gap (expected: 0), and the producer
/// has to open a new identity. A repeat that arrives after this time is the only repeat that is not recognized.
/// </remarks>
internal sealed class ProducerSequences : IParticipant
{
    private readonly ProducerIdentities _identities;
    private readonly TimeProvider _timeProvider;
    private readonly BoundedCache<(long Producer, int Partition), ProducerState?> _cache;
    private readonly Dictionary<(long Producer, int Partition), ProducerState> _unwritten = [];
    private readonly Statement _select;
    private readonly Statement _write;
    private readonly Statement _forgetPartition;
    private readonly Statement _forgetUnseen;

    public ProducerSequences(Connection connection, ProducerIdentities identities, TimeProvider timeProvider, int capacity)
    {
        _identities = identities;
        _timeProvider = timeProvider;
        _cache = new(capacity);
        _select = connection.Prepare("SELECT epoch, batches, records FROM pipeline_producers WHERE producer = ?1 AND partition = ?2");
        _write = connection.Prepare(
            """
            INSERT OR REPLACE INTO pipeline_producers (producer, partition, epoch, seen_at, batches, records)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """);
        _forgetPartition = connection.Prepare("DELETE FROM pipeline_producers WHERE partition = ?1");
        _forgetUnseen = connection.Prepare(
            $"""
            DELETE FROM pipeline_producers
            WHERE producer = ?1 AND partition = ?2 AND seen_at < ?3 AND {ProducerIdentities.IsForgettable("?3")}
            """);
    }

    /// <returns>The earlier result, if the batch is a repeat; null if it must be appended.</returns>
    /// <exception cref="ProducerFencedException">A newer epoch exists.</exception>
    /// <exception cref="SequenceGapException">An earlier batch is missing.</exception>
    /// <exception cref="DuplicateSequenceException">The batch repeats one that is not remembered any more.</exception>
    public AppendResult? Judge(PartitionState partition, RecordBatch batch)
    {
        var (producer, epoch, sequence) = (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence);
        var state = Find(producer, partition.Number);
        var newest = Math.Max(_identities.NewestEpoch(producer), state?.Epoch ?? -1);
        if (epoch < newest)
        {
            throw new ProducerFencedException(partition.Partition, producer, epoch, newest);
        }

        var expected = state?.Epoch == epoch ? state.NextSequence : 0;
        if (sequence == expected)
        {
            return null;
        }

        if (state?.Epoch != epoch || !state.IsPast(sequence))
        {
            throw new SequenceGapException(partition.Partition, producer, expected, sequence);
        }

        return state.FindRepeat(sequence, batch.Count) is { } offset
            ? new AppendResult(offset, offset + batch.Count, IsRepeat: true)
            : throw new DuplicateSequenceException(partition.Partition, producer, sequence);
    }

    public void Remember(WriteTransaction transaction, PartitionState partition, RecordBatch batch, long offset)
    {
        if (_unwritten.Count == 0)
        {
            transaction.Enlist(this);
        }

        var key = (batch.ProducerId, partition.Number);
        var state = Find(batch.ProducerId, partition.Number) ?? new ProducerState(batch.ProducerEpoch);
        state.Add(batch.ProducerEpoch, batch.BaseSequence, batch.Count, offset);
        _unwritten[key] = state;
        _cache.Set(key, state);
    }

    /// <summary>Forgets all producers of a partition, so that its number can be reused.</summary>
    public void ForgetPartition(int partition)
    {
        _forgetPartition.Bind(1, partition).Run();
        _cache.Clear();
        foreach (var key in _unwritten.Keys.Where(key => key.Partition == partition).ToArray())
        {
            _unwritten.Remove(key);
        }
    }

    /// <summary>
    /// Forgets producers without a name that were neither seen nor opened since a time, in milliseconds since 1970-01-01T00:00:00Z.
    /// </summary>
    public void ForgetUnseen(IReadOnlyList<(long Producer, int Partition)> producers, long since)
    {
        foreach (var (producer, partition) in producers)
        {
            _forgetUnseen.Bind(1, producer).Bind(2, partition).Bind(3, since).Run();
        }

        _cache.Clear();
    }

    public void Prepare()
    {
        Span<byte> batches = stackalloc byte[ProducerState.MaximumBytes];
        var now = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var ((producer, partition), state) in _unwritten)
        {
            _write.Bind(1, producer).Bind(2, partition).Bind(3, state.Epoch).Bind(4, now)
                .Bind(5, batches[..state.WriteBatches(batches)]).Bind(6, state.Records).Run();
        }
    }

    public void Publish() => _unwritten.Clear();

    public void Revert()
    {
        _cache.Clear();
        _unwritten.Clear();
    }

    private ProducerState? Find(long producer, int partition)
    {
        if (_unwritten.TryGetValue((producer, partition), out var state) || _cache.TryGet((producer, partition), out state))
        {
            return state;
        }

        if (_select.Bind(1, producer).Bind(2, partition).Step())
        {
            state = ProducerState.Read((short)_select.Integer(0), _select.Bytes(1), _select.IntegerOrNull(2));
            _select.Reset();
        }

        _cache.Set((producer, partition), state);
        return state;
    }
}
