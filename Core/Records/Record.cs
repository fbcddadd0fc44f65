using System.Text;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline;

/// <summary>
/// One record of a batch, read in place and valid as long as the batch's memory. To store parts of a record, store <see cref="Key"/> and
/// <see cref="Value"/>, which refer to that memory.
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
        ReadOnlyMemory<byte> records,
        long offset,
        long timestamp,
        int keyStart,
        int keyLength,
        int valueStart,
        int valueLength,
        int headersStart,
        bool hasHeaders)
    {
        _records = records;
        Offset = offset;
        Timestamp = timestamp;
        _keyStart = keyStart;
        _keyLength = keyLength;
        _valueStart = valueStart;
        _valueLength = valueLength;
        _headersStart = headersStart;
        HasHeaders = hasHeaders;
    }

    /// <summary>The record's offset in the partition.</summary>
    public long Offset { get; }

    /// <summary>
    /// The record's time, in milliseconds since 1970-01-01T00:00:00Z; always in the range of <see cref="DateTimeOffset"/>.
    /// </summary>
    public long Timestamp { get; }

    /// <summary>Whether the record has a key; an empty key is a key.</summary>
    public bool HasKey => _keyLength >= 0;

    /// <summary>Whether the record has a value. Kafka calls a record without one a tombstone.</summary>
    public bool HasValue => _valueLength >= 0;

    /// <summary>The key; empty if the record has none.</summary>
    public ReadOnlyMemory<byte> Key => HasKey ? _records.Slice(_keyStart, _keyLength) : default;

    /// <summary>The value; empty if the record has none.</summary>
    public ReadOnlyMemory<byte> Value => HasValue ? _records.Slice(_valueStart, _valueLength) : default;

    /// <summary>
    /// The key as a span. <see cref="RecordBatchBuilder"/> appends it unchanged: a missing key stays missing, an empty key stays empty.
    /// </summary>
    public ReadOnlySpan<byte> KeySpan => Key.Span;

    /// <summary>
    /// The value as a span. <see cref="RecordBatchBuilder"/> appends it unchanged: a missing value stays missing, an empty value stays
    /// empty.
    /// </summary>
    public ReadOnlySpan<byte> ValueSpan => Value.Span;

    /// <summary>Whether the record has headers. This property does not read them.</summary>
    public bool HasHeaders { get; }

    internal int HeadersStart => _headersStart;

    /// <summary>The name of the first header, in UTF-8; empty if there is none. Allocates nothing.</summary>
    /// <exception cref="InvalidRecordBatchException">The batch was damaged after it was validated.</exception>
    internal ReadOnlySpan<byte> FirstHeaderName
    {
        get
        {
            var position = _headersStart;
            return Varint.Read(_records.Span, ref position) > 0 && ReadField(_records, ref position) is { } name ? name.Span : default;
        }
    }

    /// <summary>Reads the headers. Allocates only if there are any. The values refer to the batch's memory.</summary>
    /// <exception cref="InvalidRecordBatchException">The batch was damaged after it was validated.</exception>
    public IReadOnlyList<Header> ReadHeaders() => ReadHeaders(_records, _headersStart);

    internal static IReadOnlyList<Header> ReadHeaders(ReadOnlyMemory<byte> records, int start)
    {
        var span = records.Span;
        var position = start;
        var count = Varint.Read(span, ref position);
        if (count == 0)
        {
            return [];
        }

        if ((ulong)count > (ulong)((span.Length - position) / Header.MinimumBytes))
        {
            throw DamagedHeaders(start);
        }

        var headers = new Header[count];
        foreach (ref var header in headers.AsSpan())
        {
            if (ReadField(records, ref position) is not { } name)
            {
                throw DamagedHeaders(start);
            }

            header = new Header(Encoding.UTF8.GetString(name.Span), ReadField(records, ref position));
        }

        return headers;
    }

    /// <summary>Finds the value of the first header with a name. Allocates nothing.</summary>
    /// <returns>The value; null if there is no such header or its value is null.</returns>
    internal static ReadOnlyMemory<byte>? FindHeader(ReadOnlyMemory<byte> records, int start, ReadOnlySpan<byte> name)
    {
        var position = start;
        for (var left = Varint.Read(records.Span, ref position); left > 0; left--)
        {
            var found = ReadField(records, ref position);
            var value = ReadField(records, ref position);
            if (found is { } present && present.Span.SequenceEqual(name))
            {
                return value;
            }
        }

        return null;
    }

    private static ReadOnlyMemory<byte>? ReadField(ReadOnlyMemory<byte> records, ref int position)
    {
        var length = Varint.Read(records.Span, ref position);
        if (length < 0)
        {
            return null;
        }

        var start = position;
        if (length > records.Length - start)
        {
            throw DamagedHeaders(start);
        }

        position += (int)length;
        return records.Slice(start, (int)length);
    }

    private static InvalidRecordBatchException DamagedHeaders(int position) =>
        new($"the headers at byte {position} of its records pass the end of the batch; the bytes were damaged after they were validated.");
}
