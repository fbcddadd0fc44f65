using Orleans.Pipeline.Records;

namespace Orleans.Pipeline;

/// <summary>
/// Walks the records of a validated, uncompressed batch without allocating. The walk never reads outside the batch. If the bytes were
/// damaged after they were validated, it throws <see cref="InvalidRecordBatchException"/>.
/// </summary>
public ref struct RecordEnumerator
{
    private readonly ReadOnlyMemory<byte> _records;
    private readonly ReadOnlySpan<byte> _span;
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private int _left;
    private int _position;

    internal RecordEnumerator(ReadOnlyMemory<byte> records, long baseOffset, long baseTimestamp, int left, int position = 0)
    {
        _records = records;
        _span = records.Span;
        _baseOffset = baseOffset;
        _baseTimestamp = baseTimestamp;
        _left = left;
        _position = position;
    }

    /// <summary>The current record.</summary>
    public Record Current { get; private set; }

    internal readonly int Left => _left;

    /// <summary>The position of the next record, in bytes from the first record.</summary>
    internal readonly int Position => _position;

    /// <summary>Moves to the next record.</summary>
    /// <returns>Whether there was a next record.</returns>
    /// <exception cref="InvalidRecordBatchException">The batch was damaged after it was validated.</exception>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        var position = _position;
        var next = ReadEnd(ref position);
        position++; // attributes: none are defined
        var timestamp = _baseTimestamp + Varint.Read(_span, ref position);
        var offset = _baseOffset + Varint.Read(_span, ref position);
        var keyLength = (int)Varint.Read(_span, ref position);
        var keyStart = position;
        position += Math.Max(keyLength, 0);
        var valueLength = (int)Varint.Read(_span, ref position);
        var valueStart = position;
        position += Math.Max(valueLength, 0);
        if ((uint)position >= (uint)next)
        {
            throw Damaged(_position);
        }

        Current = new Record(
            _records, offset, timestamp, keyStart, keyLength, valueStart, valueLength, position, hasHeaders: _span[position] != 0);
        _position = next;
        return true;
    }

    /// <summary>Skips records without reading them.</summary>
    /// <param name="count">The number of records to skip, from 0 to the number left.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or above the number of records left.</exception>
    /// <exception cref="InvalidRecordBatchException">The batch was damaged after it was validated.</exception>
    public void Skip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _left);
        _left -= count;
        for (; count > 0; count--)
        {
            _position = ReadEnd(ref _position);
        }
    }

    private static InvalidRecordBatchException Damaged(int position) =>
        new($"the record at byte {position} of its records passes the end of the batch; the bytes were damaged after they were validated.");

    private readonly int ReadEnd(ref int position)
    {
        var start = position;
        var length = Varint.Read(_span, ref position);
        return (ulong)length <= (ulong)(_span.Length - position) ? position + (int)length : throw Damaged(start);
    }
}
