using System.Text;

namespace Orleans.Pipeline.Records;

/// <summary>
/// One record of a batch, read in place. It stays valid as long as the batch's memory; take <see cref="Value"/> and the rest as
/// memory to keep them with it.
/// </summary>
public readonly ref struct Record
{
    private readonly ReadOnlyMemory<byte> _records;
    private readonly int _keyStart;
    private readonly int _keyLength;
    private readonly int _valueStart;
    private readonly int _valueLength;
    private readonly int _headersStart;

    internal Record(
        ReadOnlyMemory<byte> records, long offset, long timestamp, int keyStart, int keyLength, int valueStart, int valueLength, int headersStart)
    {
        _records = records;
        Offset = offset;
        Timestamp = timestamp;
        _keyStart = keyStart;
        _keyLength = keyLength;
        _valueStart = valueStart;
        _valueLength = valueLength;
        _headersStart = headersStart;
    }

    /// <summary>Its offset in the partition.</summary>
    public long Offset { get; }

    /// <summary>Its time, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long Timestamp { get; }

    /// <summary>Whether it has a key; an empty key is a key.</summary>
    public bool HasKey => _keyLength >= 0;

    /// <summary>Whether it has a value; Kafka calls a record without one a tombstone.</summary>
    public bool HasValue => _valueLength >= 0;

    /// <summary>The key; empty if it has none.</summary>
    public ReadOnlyMemory<byte> Key => _keyLength > 0 ? _records.Slice(_keyStart, _keyLength) : default;

    /// <summary>The value; empty if it has none.</summary>
    public ReadOnlyMemory<byte> Value => _valueLength > 0 ? _records.Slice(_valueStart, _valueLength) : default;

    /// <summary>The key, for a look without a copy.</summary>
    public ReadOnlySpan<byte> KeySpan => Key.Span;

    /// <summary>The value, for a look without a copy.</summary>
    public ReadOnlySpan<byte> ValueSpan => Value.Span;

    /// <summary>Reads the headers; allocates only if there are any.</summary>
    public IReadOnlyList<Header> ReadHeaders() => ReadHeaders(_records, _headersStart);

    internal int HeadersStart => _headersStart;

    internal static IReadOnlyList<Header> ReadHeaders(ReadOnlyMemory<byte> records, int start)
    {
        var span = records.Span;
        ref var source = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(span);
        var position = start;
        var count = (int)Varint.ReadTrusted(ref source, ref position);
        if (count == 0)
        {
            return [];
        }

        var headers = new Header[count];
        for (var index = 0; index < count; index++)
        {
            var nameLength = (int)Varint.ReadTrusted(ref source, ref position);
            var name = Encoding.UTF8.GetString(span.Slice(position, nameLength));
            position += nameLength;
            var valueLength = (int)Varint.ReadTrusted(ref source, ref position);
            headers[index] = new Header(name, valueLength < 0 ? null : records.Slice(position, valueLength));
            position += Math.Max(valueLength, 0);
        }

        return headers;
    }
}
