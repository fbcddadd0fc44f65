using System.Buffers.Binary;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>A partition's memory of a producer: its epoch, its last batches (the newest last) and its number of records.</summary>
internal sealed class ProducerState(short epoch)
{
    /// <summary>The maximum bytes that <see cref="WriteBatches"/> writes.</summary>
    public const int MaximumBytes = EntryBytes * DuplicateSequenceException.Limit;

    private const int EntryBytes = sizeof(int) + sizeof(int) + sizeof(long);

    private readonly List<Entry> _batches = new(DuplicateSequenceException.Limit);

    public short Epoch { get; private set; } = epoch;

    /// <summary>The number of records over all epochs.</summary>
    public long Records { get; private set; }

    public int NextSequence => _batches.Count == 0 ? 0 : RecordBatch.SequenceAfter(_batches[^1].Sequence, _batches[^1].Count);

    /// <returns>The offset of the batch's first record; null if the batch is not remembered.</returns>
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

    /// <summary>Returns whether a sequence is before the expected one, by less than half of all sequences.</summary>
    public bool IsPast(int sequence) => _batches.Count > 0 && ((NextSequence - 1 - sequence) & int.MaxValue) < 1 << 30;

    /// <summary>Adds a batch, and drops the oldest batch and those of an older epoch.</summary>
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

    /// <summary>Writes each batch as little-endian sequence (4 bytes), count (4) and offset (8).</summary>
    /// <returns>The number of bytes.</returns>
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

    /// <param name="epoch">The epoch.</param>
    /// <param name="batches">The bytes that <see cref="WriteBatches"/> wrote.</param>
    /// <param name="records">The number of records; null if version 1 wrote the row. Then the epoch's sequences show it.</param>
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
