using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Layout = Orleans.Pipeline.Records.RecordBatchLayout;

namespace Orleans.Pipeline.Records;

/// <summary>
/// Builds a record batch, record by record. Not safe for several threads at once. It can be reset and used again.
/// </summary>
public sealed class RecordBatchBuilder
{
    private byte[] _buffer;
    private int _length = Layout.Records;
    private int _count;
    private long _baseTimestamp;
    private long _maximumTimestamp;

    /// <summary>Creates an empty builder.</summary>
    /// <param name="capacity">Bytes to hold without growing. Default 4 kiB.</param>
    public RecordBatchBuilder(int capacity = 4 << 10) => _buffer = new byte[Math.Max(capacity, Layout.Records)];

    /// <summary>Records appended so far.</summary>
    public int Count => _count;

    /// <summary>Bytes of the batch so far, uncompressed, header included.</summary>
    public int Bytes => _length;

    /// <summary>The most bytes that a record without headers adds to a batch.</summary>
    /// <param name="keyLength">Bytes of its key.</param>
    /// <param name="valueLength">Bytes of its value.</param>
    public static int MaximumRecordBytes(int keyLength, int valueLength) =>
        keyLength + valueLength + 1 + (5 * Varint.MaximumBytes32) + Varint.MaximumBytes64;

    /// <summary>Appends a record.</summary>
    /// <param name="key">Its key; a default span is none, which is kept apart from empty.</param>
    /// <param name="value">Its value; a default span is none.</param>
    /// <param name="timestamp">Its time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="headers">Its headers; null for none.</param>
    public void Append(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestamp, IReadOnlyList<Header>? headers = null)
    {
        var keyLength = LengthOf(key);
        var valueLength = LengthOf(value);
        var headerBytes = headers is { Count: > 0 } ? HeaderBytes(headers) : 1;
        StartRecord(timestamp);
        var timestampDelta = timestamp - _baseTimestamp;
        var length = 1 + Varint.Size(timestampDelta) + Varint.Size(_count) + Varint.Size(keyLength) + key.Length
            + Varint.Size(valueLength) + value.Length + headerBytes;
        Reserve(length + Varint.MaximumBytes32);

        ref var start = ref MemoryMarshal.GetArrayDataReference(_buffer);
        var position = WritePrefix(ref start, length, timestampDelta);
        position += Varint.Write(ref Unsafe.Add(ref start, position), keyLength);
        key.CopyTo(_buffer.AsSpan(position));
        position += key.Length;
        position += Varint.Write(ref Unsafe.Add(ref start, position), valueLength);
        value.CopyTo(_buffer.AsSpan(position));
        position += value.Length;
        _length = headers is { Count: > 0 } ? WriteHeaders(headers, position) : WriteNoHeaders(position);
        _count++;
    }

    /// <summary>Appends every record of another builder, after those already here.</summary>
    /// <param name="other">The other builder, which stays as it is.</param>
    public void Append(RecordBatchBuilder other)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(other._buffer);
        var read = Layout.Records;
        while (read < other._length)
        {
            var length = (int)Varint.ReadTrusted(ref source, ref read);
            var next = read + length;
            read++;
            var timestamp = other._baseTimestamp + Varint.ReadTrusted(ref source, ref read);
            Varint.ReadTrusted(ref source, ref read);
            StartRecord(timestamp);
            var timestampDelta = timestamp - _baseTimestamp;
            var tail = next - read;
            var ownLength = 1 + Varint.Size(timestampDelta) + Varint.Size(_count) + tail;
            Reserve(ownLength + Varint.MaximumBytes32);
            var position = WritePrefix(ref MemoryMarshal.GetArrayDataReference(_buffer), ownLength, timestampDelta);
            other._buffer.AsSpan(read, tail).CopyTo(_buffer.AsSpan(position));
            _length = position + tail;
            _count++;
            read = next;
        }
    }

    /// <summary>Finishes the batch and empties the builder.</summary>
    /// <param name="producerId">The producer's id, or <see cref="RecordBatch.NoProducer"/>. Default none.</param>
    /// <param name="producerEpoch">The producer's epoch. Default -1.</param>
    /// <param name="baseSequence">The sequence of the first record. Default -1.</param>
    /// <param name="compression">How to compress the records. Default not at all.</param>
    /// <returns>The batch, in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">No record was appended.</exception>
    public RecordBatch Build(
        long producerId = RecordBatch.NoProducer, short producerEpoch = -1, int baseSequence = -1, Compression compression = Compression.None)
    {
        if (_count == 0)
        {
            throw new InvalidOperationException("A batch needs at least one record; append one before building it.");
        }

        var bytes = compression == Compression.Gzip ? CompressRecords() : _buffer.AsSpan(0, _length).ToArray();
        WriteHeader(bytes, producerId, producerEpoch, baseSequence, compression);
        Reset();
        return RecordBatch.Trust(bytes);
    }

    /// <summary>
    /// Finishes the batch without a copy and keeps the records, so that it can be finished again under another producer. The
    /// batch lies in the builder's own memory (unless compressed): it is valid until the builder is appended to or reset.
    /// </summary>
    internal RecordBatch BuildInPlace(long producerId, short producerEpoch, int baseSequence, Compression compression)
    {
        var bytes = compression == Compression.Gzip ? CompressRecords() : _buffer.AsMemory(0, _length);
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

    private static int LengthOf(ReadOnlySpan<byte> span) =>
        Unsafe.IsNullRef(ref MemoryMarshal.GetReference(span)) ? -1 : span.Length;

    private static int HeaderBytes(IReadOnlyList<Header> headers)
    {
        var bytes = Varint.Size(headers.Count);
        for (var index = 0; index < headers.Count; index++)
        {
            var name = Encoding.UTF8.GetByteCount(headers[index].Name);
            bytes += Varint.Size(name) + name + Varint.Size(headers[index].Value?.Length ?? -1) + (headers[index].Value?.Length ?? 0);
        }

        return bytes;
    }

    private void StartRecord(long timestamp)
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
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, (int)Math.Min(Math.Max(_buffer.Length * 2L, (long)_length + bytes), Array.MaxLength));
        }
    }

    private int WritePrefix(ref byte start, int length, long timestampDelta)
    {
        var position = _length;
        position += Varint.Write(ref Unsafe.Add(ref start, position), length);
        Unsafe.Add(ref start, position++) = 0;
        position += Varint.Write(ref Unsafe.Add(ref start, position), timestampDelta);
        position += Varint.Write(ref Unsafe.Add(ref start, position), _count);
        return position;
    }

    private int WriteNoHeaders(int position)
    {
        _buffer[position] = 0;
        return position + 1;
    }

    private int WriteHeaders(IReadOnlyList<Header> headers, int position)
    {
        position += Varint.Write(ref _buffer[position], headers.Count);
        for (var index = 0; index < headers.Count; index++)
        {
            var (name, value) = headers[index];
            position += Varint.Write(ref _buffer[position], Encoding.UTF8.GetByteCount(name));
            position += Encoding.UTF8.GetBytes(name, _buffer.AsSpan(position));
            position += Varint.Write(ref _buffer[position], value?.Length ?? -1);
            if (value is { Length: > 0 } present)
            {
                present.Span.CopyTo(_buffer.AsSpan(position));
                position += present.Length;
            }
        }

        return position;
    }

    private byte[] CompressRecords()
    {
        using var compressed = new MemoryStream(_length / 4);
        compressed.SetLength(Layout.Records);
        compressed.Position = Layout.Records;
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(_buffer, Layout.Records, _length - Layout.Records);
        }

        return compressed.ToArray();
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
