using System.Buffers.Binary;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>What a partition remembers of a producer: its epoch, its last batches, the newest last, and how many records it took in.</summary>
internal sealed class ProducerState(short epoch)
{
    /// <summary>The most bytes that <see cref="WriteBatches"/> writes.</summary>
    public const int MaximumBytes = EntryBytes * DuplicateSequenceException.Limit;

    private const int EntryBytes = sizeof(int) + sizeof(int) + sizeof(long);

    private readonly List<Entry> _batches = new(DuplicateSequenceException.Limit);

    public short Epoch { get; private set; } = epoch;

    /// <summary>How many records the partition took in, over all epochs.</summary>
    public long Records { get; private set; }

    /// <summary>The sequence that comes next.</summary>
    public int NextSequence => _batches.Count == 0 ? 0 : RecordBatch.SequenceAfter(_batches[^1].Sequence, _batches[^1].Count);

    /// <summary>Finds a batch among the last ones.</summary>
    /// <returns>The offset of its first record, or null.</returns>
    public long? FindRepeat(int sequence, int count)
    {
        foreach (var batch in _batches)
        {
            if (batch.Sequence == sequence && batch.Count == count)
            {
                return batch.Offset;
            }
        }

        return null;
    }

    /// <summary>Whether a sequence lies behind the next one, by less than half of all sequences.</summary>
    public bool IsPast(int sequence) => _batches.Count > 0 && ((NextSequence - 1 - sequence) & int.MaxValue) < 1 << 30;

    /// <summary>Remembers a batch, and forgets the oldest and those of an older epoch.</summary>
    public void Add(short epoch, int sequence, int count, long offset)
    {
        if (epoch != Epoch)
        {
            Epoch = epoch;
            _batches.Clear();
        }

        if (_batches.Count == DuplicateSequenceException.Limit)
        {
            _batches.RemoveAt(0);
        }

        _batches.Add(new(sequence, count, offset));
        Records += count;
    }

    /// <summary>Writes the batches as little-endian sequence (4 bytes), count (4) and offset (8), and so on.</summary>
    /// <returns>The bytes written.</returns>
    public int WriteBatches(Span<byte> destination)
    {
        for (var index = 0; index < _batches.Count; index++)
        {
            var entry = destination[(index * EntryBytes)..];
            BinaryPrimitives.WriteInt32LittleEndian(entry, _batches[index].Sequence);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], _batches[index].Count);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], _batches[index].Offset);
        }

        return _batches.Count * EntryBytes;
    }

    /// <summary>Reads what was written.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="batches">What <see cref="WriteBatches"/> wrote.</param>
    /// <param name="records">How many records there were; null if nobody counted: then as many as the epoch's sequences tell.</param>
    public static ProducerState Read(short epoch, ReadOnlySpan<byte> batches, long? records)
    {
        var state = new ProducerState(epoch);
        for (; batches.Length >= EntryBytes; batches = batches[EntryBytes..])
        {
            state._batches.Add(new(
                BinaryPrimitives.ReadInt32LittleEndian(batches),
                BinaryPrimitives.ReadInt32LittleEndian(batches[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(batches[8..])));
        }

        state.Records = records ?? state.NextSequence;
        return state;
    }

    private readonly record struct Entry(int Sequence, int Count, long Offset);
}
