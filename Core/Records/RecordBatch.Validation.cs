using System.Buffers;
using System.Buffers.Binary;
using Orleans.Pipeline.Records;
using Layout = Orleans.Pipeline.Records.RecordBatchLayout;

namespace Orleans.Pipeline;

public readonly partial struct RecordBatch
{
    /// <summary>
    /// Validates bytes from outside completely: header, CRC-32C, codec, and every record's lengths, bounds and times. Compressed records
    /// are decompressed for the check. Nothing is kept of bytes that are refused.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Like a Kafka broker, this method refuses batches with log append time (the log has no clock of its own), offset deltas other than
    /// 0, 1, 2 and so on, and producer ids below -1.
    /// </para>
    /// <para>
    /// This method also refuses what would harm a reader later: a maximum timestamp that is not that of the newest record (retention and
    /// seeks by time rely on it), a timestamp that <see cref="DateTimeOffset"/> cannot hold, a header name that is not UTF-8 (which could
    /// not be passed on unchanged), and gzip data that is not one whole member.
    /// </para>
    /// </remarks>
    /// <param name="bytes">Exactly one batch.</param>
    /// <param name="limits">The limits of its size; null for <see cref="RecordLimits.Default"/>.</param>
    /// <returns>The batch, over the same memory.</returns>
    /// <exception cref="InvalidRecordBatchException">
    /// The bytes are not a valid batch, or too large. The message says where and why.
    /// </exception>
    public static RecordBatch Validate(ReadOnlyMemory<byte> bytes, RecordLimits? limits = null)
    {
        limits ??= RecordLimits.Default;
        var batch = new RecordBatch(bytes);
        if ((FrameFault(bytes.Span, limits) ?? batch.FieldsFault() ?? batch.RecordsFault(limits)) is { } fault)
        {
            throw new InvalidRecordBatchException(fault);
        }

        return batch;
    }

    /// <summary>Returns the length in bytes of the batch at the start of a buffer. Use it to split a run of batches.</summary>
    /// <param name="bytes">A buffer that starts with a batch.</param>
    /// <returns>
    /// The batch's length, header included, which may exceed the buffer. Null if the buffer has fewer than the 12 bytes needed, or if no
    /// batch can have that length.
    /// </returns>
    public static int? MeasureFirst(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Layout.LengthExcludes)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.Length..]);
        return length is < HeaderBytes - Layout.LengthExcludes or > int.MaxValue - Layout.LengthExcludes
            ? null
            : length + Layout.LengthExcludes;
    }

    private static string? FrameFault(ReadOnlySpan<byte> bytes, RecordLimits limits)
    {
        if (bytes.Length < HeaderBytes)
        {
            return $"it has {bytes.Length} bytes, fewer than its header of {HeaderBytes}.";
        }

        if (bytes.Length > limits.BatchBytes)
        {
            return $"it has {bytes.Length} bytes; the limit is {limits.BatchBytes}. Send smaller batches.";
        }

        var magic = bytes[Layout.Magic];
        if (magic != Layout.MagicValue)
        {
            return $"its magic is {magic}; only record batch version 2 is supported.";
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[Layout.Length..]);
        if (length != bytes.Length - Layout.LengthExcludes)
        {
            return $"its length field says {length}, but {bytes.Length - Layout.LengthExcludes} bytes follow it.";
        }

        var crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[Layout.Crc..]);
        var computed = Layout.ComputeCrc(bytes[Layout.Attributes..]);
        return crc != computed ? $"its CRC-32C is {crc:x8}, but its bytes give {computed:x8}: it was damaged on the way." : null;
    }

    private string? FieldsFault()
    {
        if (Compression > Compression.Gzip)
        {
            return $"its records are compressed with {CodecName((int)Compression)}; none (0) and gzip (1) are supported.";
        }

        if ((Attributes & Layout.TimestampTypeBit) != 0)
        {
            return "its timestamp type is log append time, which only a log may set; send the records with their create time.";
        }

        if ((Attributes & ~Layout.CompressionMask) != 0)
        {
            return $"its attributes are 0x{Attributes:x4}; transactional and control batches are not supported.";
        }

        if (Count < 1)
        {
            return $"its record count is {Count}; at least one record is needed.";
        }

        if (LastOffsetDelta != Count - 1)
        {
            return $"its last offset delta is {LastOffsetDelta}, but {Count} records need {Count - 1}.";
        }

        if (!RecordTime.IsValid(BaseTimestamp))
        {
            return $"its base timestamp is {BaseTimestamp} ms, outside the years 1 to 9999.";
        }

        return ProducerId < NoProducer || (ProducerId != NoProducer && (ProducerEpoch < 0 || BaseSequence < 0))
            ? $"its producer id is {ProducerId}, epoch {ProducerEpoch}, sequence {BaseSequence}; "
                + "with a producer id, epoch and sequence must be 0 or above."
            : null;
    }

    private static string CodecName(int codec) => codec switch
    {
        2 => "snappy (2)",
        3 => "lz4 (3)",
        4 => "zstd (4)",
        _ => $"codec {codec}",
    };

    private string? RecordsFault(RecordLimits limits)
    {
        if (Compression == Compression.None)
        {
            return RecordValidator.FindFault(Bytes.Span[HeaderBytes..], this, limits);
        }

        byte[]? unpacked = null;
        try
        {
            var packed = Bytes.Span[HeaderBytes..];
            var length = GzipCodec.MeasureUnpacked(packed, limits.DecompressedBytes);
            unpacked = ArrayPool<byte>.Shared.Rent(length);
            GzipCodec.UnpackMember(packed, unpacked.AsSpan(0, length));
            return RecordValidator.FindFault(unpacked.AsSpan(0, length), this, limits);
        }
        catch (InvalidRecordBatchException damaged)
        {
            return damaged.Fault;
        }
        finally
        {
            if (unpacked is not null)
            {
                ArrayPool<byte>.Shared.Return(unpacked);
            }
        }
    }
}
