using System.Buffers.Binary;
using System.Text;
using Orleans.Pipeline.Records;
using Layout = Orleans.Pipeline.Records.RecordBatchLayout;

namespace Orleans.Pipeline;

/// <summary>Builds a record batch, record by record. A builder can be reset and reused. It is not safe for several threads.</summary>
public sealed class RecordBatchBuilder
{
    /// <summary>The most bytes before a record's key: length, attributes and the two deltas.</summary>
    private const int MaximumPrefixBytes = 1 + (2 * Varint.MaximumBytes32) + Varint.MaximumBytes64;

    /// <summary>The most bytes of a record without its key, value and headers: prefix, two lengths and the header count.</summary>
    private const int MaximumFrameBytes = MaximumPrefixBytes + (3 * Varint.MaximumBytes32);

    private byte[] _buffer;
    private int _length = Layout.Records;
    private int _count;
    private long _baseTimestamp;
    private long _maximumTimestamp;

    /// <summary>Creates an empty builder.</summary>
    /// <param name="capacity">The bytes that the builder holds without growing. Default 4 KiB.</param>
    public RecordBatchBuilder(int capacity = 4 << 10) => _buffer = new byte[Math.Max(capacity, Layout.Records)];

    /// <summary>The number of records appended so far.</summary>
    public int Count => _count;

    /// <summary>The bytes of the batch so far, uncompressed, header included.</summary>
    public int Bytes => _length;

    internal int Capacity => _buffer.Length;

    /// <summary>Computes the most bytes that a record adds to a batch.</summary>
    /// <param name="keyLength">The bytes of the record's key.</param>
    /// <param name="valueLength">The bytes of the record's value.</param>
    /// <param name="headers">The record's headers; null for none. Default null.</param>
    /// <returns>The bytes, 2,147,483,647 at most; no batch can hold more.</returns>
    public static int MaximumRecordBytes(int keyLength, int valueLength, IReadOnlyList<Header>? headers = null)
    {
        var bytes = (long)keyLength + valueLength + MaximumFrameBytes;
        for (var index = 0; index < headers?.Count; index++)
        {
            var (name, value) = headers[index];
            bytes += (2 * Varint.MaximumBytes32) + Encoding.UTF8.GetByteCount(name) + (value?.Length ?? 0);
        }

        return (int)Math.Min(int.MaxValue, bytes);
    }

    /// <summary>Appends a record.</summary>
    /// <param name="key">The key; a default span means no key, which differs from an empty key.</param>
    /// <param name="value">The value; a default span means no value.</param>
    /// <param name="timestamp">The time, in milliseconds since 1970-01-01T00:00:00Z, in the years 1 to 9999.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is outside the years 1 to 9999. Nothing was appended.</exception>
    /// <exception cref="ArgumentException">A header has no name. Nothing was appended.</exception>
    /// <exception cref="InvalidOperationException">The batch would pass 2 GiB; nothing was appended.</exception>
    public void Append(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestamp, IReadOnlyList<Header>? headers = null)
    {
        if (!RecordTime.IsValid(timestamp))
        {
            throw new ArgumentOutOfRangeException(
                nameof(timestamp),
                timestamp,
                "A record's time must be in the years 1 to 9999; give it in milliseconds since 1970-01-01T00:00:00Z.");
        }

        var keyLength = LengthOf(key);
        var valueLength = LengthOf(value);
        var headerBytes = headers is { Count: > 0 } ? MeasureHeaders(headers) : 1;
        Reserve(MaximumFrameBytes + (long)key.Length + value.Length + headerBytes);

        var timestampDelta = StartRecord(timestamp);
        var length = 1 + Varint.Size(timestampDelta) + Varint.Size(_count) + Varint.Size(keyLength) + key.Length
            + Varint.Size(valueLength) + value.Length + (int)headerBytes;
        var destination = _buffer.AsSpan();
        var position = WritePrefix(destination, length, timestampDelta);
        Varint.Write(destination, ref position, keyLength);
        key.CopyTo(destination[position..]);
        position += key.Length;
        Varint.Write(destination, ref position, valueLength);
        value.CopyTo(destination[position..]);
        position += value.Length;
        if (headers is { Count: > 0 })
        {
            WriteHeaders(destination, ref position, headers);
        }
        else
        {
            Varint.Write(destination, ref position, 0);
        }

        FinishRecord(position);
    }

    /// <summary>Appends every record of another builder.</summary>
    /// <param name="other">The other builder, which does not change.</param>
    /// <exception cref="InvalidOperationException">The batch would pass 2 GiB; nothing was appended.</exception>
    public void Append(RecordBatchBuilder other)
    {
        var source = other._buffer.AsSpan(0, other._length);
        var baseTimestamp = other._baseTimestamp;
        Reserve(source.Length + ((long)other._count * MaximumPrefixBytes));
        if (_count == 0)
        {
            source.CopyTo(_buffer);
            (_length, _count, _baseTimestamp, _maximumTimestamp) = other.SetMark();
            return;
        }

        var destination = _buffer.AsSpan();
        for (var read = Layout.Records; read < source.Length;)
        {
            var length = (int)Varint.Read(source, ref read);
            var next = read + length;
            read++;
            var timestampDelta = StartRecord(baseTimestamp + Varint.Read(source, ref read));
            Varint.Read(source, ref read);
            var content = source[read..next];
            var position = WritePrefix(destination, 1 + Varint.Size(timestampDelta) + Varint.Size(_count) + content.Length, timestampDelta);
            content.CopyTo(destination[position..]);
            FinishRecord(position + content.Length);
            read = next;
        }
    }

    /// <summary>Finishes the batch and empties the builder.</summary>
    /// <param name="producerId">The producer's id, or <see cref="RecordBatch.NoProducer"/>. Default none.</param>
    /// <param name="producerEpoch">The producer's epoch. Default -1.</param>
    /// <param name="baseSequence">The sequence of the first record. Default -1.</param>
    /// <param name="compression">The compression of the records. Default none.</param>
    /// <returns>The batch, in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">No record was appended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The producer id is below -1, the epoch or sequence of a producer is negative, or the compression is not defined.
    /// </exception>
    public RecordBatch Build(
        long producerId = RecordBatch.NoProducer,
        short producerEpoch = -1,
        int baseSequence = -1,
        Compression compression = Compression.None)
    {
        var batch = BuildInPlace(producerId, producerEpoch, baseSequence, compression);
        Reset();
        if (compression != Compression.None)
        {
            return batch;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(batch.Bytes.Length);
        batch.Bytes.CopyTo(bytes);
        return RecordBatch.Trust(bytes);
    }

    /// <summary>
    /// Finishes the batch without a copy and keeps the records, so that they can be finished again under another producer. An uncompressed
    /// batch lies in the builder's own memory: it is valid until the next append or reset.
    /// </summary>
    internal RecordBatch BuildInPlace(long producerId, short producerEpoch, int baseSequence, Compression compression)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(producerId, RecordBatch.NoProducer);
        if (producerId != RecordBatch.NoProducer)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(producerEpoch);
            ArgumentOutOfRangeException.ThrowIfNegative(baseSequence);
        }

        if (_count == 0)
        {
            throw new InvalidOperationException("A batch needs at least one record; append one before building it.");
        }

        var bytes = compression switch
        {
            Compression.None => _buffer.AsMemory(0, _length),
            Compression.Gzip => GzipCodec.Pack(_buffer.AsSpan(Layout.Records, _length - Layout.Records), Layout.Records),
            _ => throw new ArgumentOutOfRangeException(
                nameof(compression), compression, "Batches can be built without compression or with gzip."),
        };
        WriteHeader(bytes.Span, producerId, producerEpoch, baseSequence, compression);
        return RecordBatch.Trust(bytes);
    }

    /// <summary>Empties the builder and keeps its memory.</summary>
    public void Reset()
    {
        _length = Layout.Records;
        _count = 0;
    }

    internal Mark SetMark() => new(_length, _count, _baseTimestamp, _maximumTimestamp);

    internal void RollBack(in Mark mark) => (_length, _count, _baseTimestamp, _maximumTimestamp) = mark;

    internal readonly record struct Mark(int Length, int Count, long BaseTimestamp, long MaximumTimestamp);

    private static int LengthOf(ReadOnlySpan<byte> span) => span.IsNone() ? -1 : span.Length;

    internal static long MeasureHeaders(IReadOnlyList<Header> headers)
    {
        var bytes = (long)Varint.Size(headers.Count);
        for (var index = 0; index < headers.Count; index++)
        {
            var (name, value) = headers[index];
            var nameLength = Encoding.UTF8.GetByteCount(
                name ?? throw new ArgumentException($"Header {index} has no name; give it one.", nameof(headers)));
            bytes += Varint.Size(nameLength) + nameLength + Varint.Size(value?.Length ?? -1) + (value?.Length ?? 0);
        }

        return bytes;
    }

    private static void WriteHeaders(Span<byte> destination, ref int position, IReadOnlyList<Header> headers)
    {
        Varint.Write(destination, ref position, headers.Count);
        for (var index = 0; index < headers.Count; index++)
        {
            var (name, value) = headers[index];
            Varint.Write(destination, ref position, Encoding.UTF8.GetByteCount(name));
            position += Encoding.UTF8.GetBytes(name, destination[position..]);
            Varint.Write(destination, ref position, value?.Length ?? -1);
            var content = value.GetValueOrDefault().Span;
            content.CopyTo(destination[position..]);
            position += content.Length;
        }
    }

    private void Reserve(long bytes)
    {
        var needed = _length + bytes;
        if (needed > _buffer.Length)
        {
            Grow(needed);
        }
    }

    private void Grow(long needed)
    {
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"The batch of {_count} records and {_length} bytes would pass {Array.MaxLength} bytes; "
                + "build it and continue with an empty builder.");
        }

        Array.Resize(ref _buffer, (int)Math.Min(Math.Max(_buffer.Length * 2L, needed), Array.MaxLength));
    }

    /// <summary>Updates the batch's timestamps and returns the record's timestamp delta.</summary>
    private long StartRecord(long timestamp)
    {
        if (_count == 0)
        {
            _baseTimestamp = timestamp;
            _maximumTimestamp = timestamp;
        }
        else if (timestamp > _maximumTimestamp)
        {
            _maximumTimestamp = timestamp;
        }

        return timestamp - _baseTimestamp;
    }

    private int WritePrefix(Span<byte> destination, int length, long timestampDelta)
    {
        var position = _length;
        Varint.Write(destination, ref position, length);
        destination[position++] = 0; // attributes: none are defined
        Varint.Write(destination, ref position, timestampDelta);
        Varint.Write(destination, ref position, _count);
        return position;
    }

    private void FinishRecord(int position)
    {
        _length = position;
        _count++;
    }

    private void WriteHeader(Span<byte> bytes, long producerId, short producerEpoch, int baseSequence, Compression compression)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.BaseOffset..], 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.Length..], bytes.Length - Layout.LengthExcludes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.LeaderEpoch..], -1);
        bytes[Layout.Magic] = Layout.MagicValue;
        BinaryPrimitives.WriteInt16BigEndian(bytes[Layout.Attributes..], (short)compression);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.LastOffsetDelta..], _count - 1);
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.BaseTimestamp..], _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.MaximumTimestamp..], _maximumTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes[Layout.ProducerId..], producerId);
        BinaryPrimitives.WriteInt16BigEndian(bytes[Layout.ProducerEpoch..], producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.BaseSequence..], baseSequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Layout.Count..], _count);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[Layout.Crc..], Layout.ComputeCrc(bytes[Layout.Attributes..]));
    }
}
