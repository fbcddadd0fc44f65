using System.Runtime.InteropServices;

namespace Orleans.Pipeline.Records;

/// <summary>Walks the records of a validated, uncompressed batch without allocating.</summary>
public ref struct RecordEnumerator
{
    private readonly ReadOnlyMemory<byte> _records;
    private readonly ReadOnlySpan<byte> _span;
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private int _left;
    private int _position;

    internal RecordEnumerator(ReadOnlyMemory<byte> records, long baseOffset, long baseTimestamp, int count)
    {
        _records = records;
        _span = records.Span;
        _baseOffset = baseOffset;
        _baseTimestamp = baseTimestamp;
        _left = count;
    }

    /// <summary>The record the walk stands on.</summary>
    public Record Current { get; private set; }

    /// <summary>Goes to the next record.</summary>
    /// <returns>Whether there was one.</returns>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        ref var source = ref MemoryMarshal.GetReference(_span);
        var position = _position;
        var length = (int)Varint.ReadTrusted(ref source, ref position);
        var next = position + length;
        position++; // attributes: none are defined
        var timestamp = _baseTimestamp + Varint.ReadTrusted(ref source, ref position);
        var offset = _baseOffset + Varint.ReadTrusted(ref source, ref position);
        var keyLength = (int)Varint.ReadTrusted(ref source, ref position);
        var keyStart = position;
        position += Math.Max(keyLength, 0);
        var valueLength = (int)Varint.ReadTrusted(ref source, ref position);
        var valueStart = position;
        position += Math.Max(valueLength, 0);
        Current = new Record(_records, offset, timestamp, keyStart, keyLength, valueStart, valueLength, position);
        _position = next;
        return true;
    }

    /// <summary>Passes over records without reading them.</summary>
    /// <param name="count">How many to pass over, at most as many as are left.</param>
    public void Skip(int count)
    {
        ref var source = ref MemoryMarshal.GetReference(_span);
        _left -= count;
        for (; count > 0; count--)
        {
            var length = (int)Varint.ReadTrusted(ref source, ref _position);
            _position += length;
        }
    }
}
