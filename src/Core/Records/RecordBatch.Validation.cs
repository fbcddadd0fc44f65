using System.Buffers.Binary;
using System.IO.Compression;
using Layout = Orleans.Pipeline.Records.RecordBatchLayout;

namespace Orleans.Pipeline.Records;

public readonly partial struct RecordBatch
{
    /// <summary>The smallest record: length, attributes, two deltas, two lengths and the header count, one byte each.</summary>
    private const int SmallestRecord = 7;

    /// <summary>
    /// Validates bytes from outside, completely: header, CRC-32C, codec, and every record's lengths and bounds, decompressed if
    /// need be. Nothing is kept of them if they are refused.
    /// </summary>
    /// <param name="bytes">Exactly one batch.</param>
    /// <param name="limits">How large it may be; null for <see cref="RecordLimits.Default"/>.</param>
    /// <returns>The batch, over the same memory.</returns>
    /// <exception cref="InvalidRecordBatchException">They are not a valid batch, or too large; the message says where and why.</exception>
    public static RecordBatch Validate(ReadOnlyMemory<byte> bytes, RecordLimits? limits = null)
    {
        limits ??= RecordLimits.Default;
        var batch = new RecordBatch(bytes);
        if ((HeaderFault(bytes.Span, limits) ?? batch.RecordsFault(limits)) is { } fault)
        {
            throw new InvalidRecordBatchException(fault);
        }

        return batch;
    }

    /// <summary>Tells how many bytes the batch at the start of a buffer takes, to cut a run of batches apart.</summary>
    /// <param name="bytes">A buffer that starts with a batch.</param>
    /// <returns>The batch's bytes, header included, which may be more than the buffer has; null if the buffer is too short to tell or the length is not valid.</returns>
    public static int? MeasureFirst(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Layout.LeaderEpoch)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.Length..]);
        return length is < Layout.Records - Layout.LengthExcludes or > int.MaxValue - Layout.LengthExcludes ? null : length + Layout.LengthExcludes;
    }

    /// <summary>Gives the batch with its records uncompressed; itself if they are.</summary>
    /// <returns>A batch with the same header fields but no compression.</returns>
    /// <exception cref="InvalidRecordBatchException">The compressed bytes are damaged (never, for a batch that was validated).</exception>
    public RecordBatch Decompress() => Decompress(int.MaxValue);

    private static string? HeaderFault(ReadOnlySpan<byte> bytes, RecordLimits limits)
    {
        if (bytes.Length < HeaderBytes)
        {
            return $"it has {bytes.Length} bytes, fewer than its header of {HeaderBytes}.";
        }

        if (bytes.Length > limits.BatchBytes)
        {
            return $"it has {bytes.Length} bytes; the limit is {limits.BatchBytes}. Send smaller batches.";
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.Length..]);
        if (length != bytes.Length - Layout.LengthExcludes)
        {
            return $"its length field says {length}, but {bytes.Length - Layout.LengthExcludes} bytes follow it.";
        }

        if (bytes[Layout.Magic] != Layout.MagicValue)
        {
            return $"its magic is {bytes[Layout.Magic]}; only record batch version 2 is supported.";
        }

        var crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[Layout.Crc..]);
        var computed = Layout.ComputeCrc(bytes[Layout.Attributes..]);
        if (crc != computed)
        {
            return $"its CRC-32C is {crc:x8}, but its bytes give {computed:x8}: it was damaged on the way.";
        }

        return FieldsFault(bytes);
    }

    private static string? FieldsFault(ReadOnlySpan<byte> bytes)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(bytes[Layout.Attributes..]);
        var codec = attributes & Layout.CompressionMask;
        if (codec > (int)Compression.Gzip)
        {
            return $"its records are compressed with codec {codec}; none (0) and gzip (1) are supported.";
        }

        if ((attributes & ~(Layout.CompressionMask | Layout.TimestampTypeBit)) != 0)
        {
            return $"its attributes are 0x{attributes:x4}; transactional and control batches are not supported.";
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.Count..]);
        if (count < 1)
        {
            return $"its record count is {count}; at least one record is needed.";
        }

        var lastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.LastOffsetDelta..]);
        if (lastOffsetDelta != count - 1)
        {
            return $"its last offset delta is {lastOffsetDelta}, but {count} records need {count - 1}.";
        }

        var producerId = BinaryPrimitives.ReadInt64BigEndian(bytes[Layout.ProducerId..]);
        var epoch = BinaryPrimitives.ReadInt16BigEndian(bytes[Layout.ProducerEpoch..]);
        var sequence = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.BaseSequence..]);
        return producerId < NoProducer || (producerId != NoProducer && (epoch < 0 || sequence < 0))
            ? $"its producer id is {producerId}, epoch {epoch}, sequence {sequence}; with a producer id, epoch and sequence must be 0 or above."
            : null;
    }

    private string? RecordsFault(RecordLimits limits)
    {
        ReadOnlySpan<byte> records;
        try
        {
            var least = (long)Count * SmallestRecord;
            var room = Compression == Compression.None ? Bytes.Length - HeaderBytes : limits.DecompressedBytes;
            if (least > room)
            {
                return $"its record count is {Count}, more than fit into {room} bytes.";
            }

            records = Decompress(limits.DecompressedBytes).Bytes.Span[HeaderBytes..];
        }
        catch (InvalidRecordBatchException damaged)
        {
            return damaged.Fault;
        }

        var position = 0;
        var maximumTimestamp = long.MinValue;
        for (var index = 0; index < Count; index++)
        {
            if (RecordFault(records, ref position, index, limits, ref maximumTimestamp) is { } fault)
            {
                return $"record {index} of {Count}, at byte {position} of the records: {fault}";
            }
        }

        return position != records.Length ? $"{records.Length - position} bytes follow its last record." : null;
    }

    private string? RecordFault(ReadOnlySpan<byte> records, ref int position, int index, RecordLimits limits, ref long maximumTimestamp)
    {
        var at = position;
        if (!Varint.TryRead32(records, ref at, out var length) || length < SmallestRecord - 1 || length > records.Length - at)
        {
            return "its length is not valid, or passes the end of the batch.";
        }

        if (length > limits.RecordBytes)
        {
            return $"it has {length} bytes; the limit is {limits.RecordBytes}.";
        }

        var record = records.Slice(at, length);
        var next = at + length;
        at = 1;
        if (!Varint.TryRead64(record, ref at, out var timestampDelta) || !Varint.TryRead32(record, ref at, out var offsetDelta))
        {
            return "its timestamp or offset delta is not valid.";
        }

        if (offsetDelta != index)
        {
            return $"its offset delta is {offsetDelta}; {index} comes next.";
        }

        if (!TrySkip(record, ref at) || !TrySkip(record, ref at))
        {
            return "its key or value passes the end of the record.";
        }

        if (HeadersFault(record, ref at, limits) is { } fault)
        {
            return fault;
        }

        maximumTimestamp = Math.Max(maximumTimestamp, unchecked(BaseTimestamp + timestampDelta));
        position = at == record.Length ? next : position;
        return at == record.Length ? null : $"{record.Length - at} bytes follow its headers.";
    }

    private static string? HeadersFault(ReadOnlySpan<byte> record, ref int at, RecordLimits limits)
    {
        if (!Varint.TryRead32(record, ref at, out var headers) || headers < 0)
        {
            return "its header count is not valid.";
        }

        if (headers > limits.Headers)
        {
            return $"it has {headers} headers; the limit is {limits.Headers}.";
        }

        for (; headers > 0; headers--)
        {
            var name = at;
            if (!Varint.TryRead32(record, ref name, out var nameLength) || nameLength < 0 || !TrySkip(record, ref at) || !TrySkip(record, ref at))
            {
                return "a header's name or value passes the end of the record.";
            }
        }

        return null;
    }

    /// <summary>Passes over a length and as many bytes; a length of -1 is null.</summary>
    private static bool TrySkip(ReadOnlySpan<byte> record, ref int position)
    {
        if (!Varint.TryRead32(record, ref position, out var length) || length < -1 || length > record.Length - position)
        {
            return false;
        }

        position += Math.Max(length, 0);
        return true;
    }

    private RecordBatch Decompress(int limit)
    {
        if (Compression == Compression.None)
        {
            return this;
        }

        var bytes = Gunzip(Bytes, limit);
        var header = bytes.AsSpan(0, HeaderBytes);
        Bytes.Span[..HeaderBytes].CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[Layout.Length..], bytes.Length - Layout.LengthExcludes);
        BinaryPrimitives.WriteInt16BigEndian(header[Layout.Attributes..], (short)(Attributes & ~Layout.CompressionMask));
        BinaryPrimitives.WriteUInt32BigEndian(header[Layout.Crc..], Layout.ComputeCrc(bytes.AsSpan(Layout.Attributes)));
        return new(bytes);
    }

    /// <summary>Unpacks the records behind room for a header, and never more than the limit allows.</summary>
    private static byte[] Gunzip(ReadOnlyMemory<byte> batch, int limit)
    {
        var compressed = batch[HeaderBytes..].ToArray();
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var bytes = new byte[HeaderBytes + Math.Min((long)compressed.Length * 4, limit)];
        var length = HeaderBytes;
        try
        {
            while (gzip.Read(bytes, length, bytes.Length - length) is var read and > 0)
            {
                length += read;
                if (length == bytes.Length)
                {
                    if (length - HeaderBytes >= limit)
                    {
                        throw new InvalidRecordBatchException($"its records unpack to more than {limit} bytes.");
                    }

                    Array.Resize(ref bytes, (int)Math.Min(length * 2L, (long)HeaderBytes + limit));
                }
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            throw new InvalidRecordBatchException($"its gzip data is damaged: {damaged.Message}");
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }
}
