using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Orleans.Pipeline.Records;

/// <summary>
/// Packs and unpacks the records of a batch as one gzip member (RFC 1952). The last four bytes of the member are its unpacked length, so
/// the reader allocates memory once, of the right size, and only within the limit.
/// </summary>
/// <remarks>
/// RFC 1952 allows several members in a row. Kafka's Java client reads all of them, librdkafka only the first. The codec therefore refuses
/// any bytes after the first member.
/// </remarks>
internal static class GzipCodec
{
    /// <summary>The header (10 bytes), an empty deflate block (2 bytes) and the trailer (8 bytes).</summary>
    private const int SmallestMember = SmallestHeader + SmallestBlock + TrailerBytes;

    private const int SmallestHeader = 10;

    private const int SmallestBlock = 2;

    /// <summary>The checksum of the unpacked data, and its length.</summary>
    private const int TrailerBytes = 2 * sizeof(uint);

    private const int UnpackedLengthBytes = sizeof(uint);

    /// <summary>Deflate unpacks a byte to 1,032 bytes at most (https://zlib.net/zlib_tech.html).</summary>
    private const long MaximumRatio = 1032;

    /// <summary>Returns the unpacked length in bytes that gzip data declares.</summary>
    /// <exception cref="InvalidRecordBatchException">
    /// The data is too short, or the length is above the limit or above what the data can unpack to.
    /// </exception>
    public static int MeasureUnpacked(ReadOnlySpan<byte> packed, int limit)
    {
        if (packed.Length < SmallestMember)
        {
            throw new InvalidRecordBatchException(
                $"its gzip data has {packed.Length} bytes, fewer than the {SmallestMember} of an empty gzip member.");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(packed[^UnpackedLengthBytes..]);
        if (length > packed.Length * MaximumRatio)
        {
            throw new InvalidRecordBatchException(
                $"its gzip data has {packed.Length} bytes and ends with a length of {length}, more than it can unpack to: "
                + "it is damaged, or not one whole gzip member.");
        }

        return length <= limit
            ? (int)length
            : throw new InvalidRecordBatchException($"its records unpack to {length} bytes; the limit is {limit}. Send smaller batches.");
    }

    /// <summary>Unpacks gzip data of the log into memory of the measured length.</summary>
    /// <remarks>
    /// <see cref="GZipStream"/> passes over what follows the first member. A log may hold such data from before
    /// <see cref="UnpackMember"/> refused it, and its records must stay readable.
    /// </remarks>
    /// <exception cref="InvalidRecordBatchException">It is damaged, or unpacks to another length.</exception>
    public static unsafe void Unpack(ReadOnlySpan<byte> packed, Span<byte> unpacked)
    {
        fixed (byte* start = packed)
        {
            using var source = new UnmanagedMemoryStream(start, packed.Length);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            ReadWhole(gzip, unpacked);
        }
    }

    /// <summary>Unpacks gzip data of a client, which must be one whole member, into memory of the measured length.</summary>
    /// <exception cref="InvalidRecordBatchException">
    /// It is damaged, cut off, several members, or followed by other bytes, or it unpacks to another length.
    /// </exception>
    public static unsafe void UnpackMember(ReadOnlySpan<byte> packed, Span<byte> unpacked)
    {
        var deflated = packed[MeasureHeader(packed)..^TrailerBytes];
        fixed (byte* start = deflated)
        {
            using var source = new ExactSource(start, deflated.Length);
            using var inflater = new DeflateStream(source, CompressionMode.Decompress);
            ReadWhole(inflater, unpacked);
            if (!source.IsExact || Crc32.HashToUInt32(unpacked) != BinaryPrimitives.ReadUInt32LittleEndian(packed[^TrailerBytes..]))
            {
                throw Damaged();
            }
        }
    }

    /// <summary>Packs bytes as one gzip member. The result begins with room for a header.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> unpacked, int room)
    {
        using var packed = new MemoryStream(room + (unpacked.Length / 4));
        packed.SetLength(room);
        packed.Position = room;
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(unpacked);
        }

        return packed.ToArray();
    }

    /// <summary>Returns the length of a member's header in bytes (RFC 1952, section 2.3).</summary>
    private static int MeasureHeader(ReadOnlySpan<byte> packed)
    {
        const byte Deflate = 8;
        const int HasChecksum = 1 << 1, HasExtra = 1 << 2, HasName = 1 << 3, HasComment = 1 << 4, Reserved = 0xE0;
        var flags = packed[3];
        if (packed is not [0x1F, 0x8B, Deflate, ..] || (flags & Reserved) != 0)
        {
            throw Damaged();
        }

        var last = packed.Length - TrailerBytes - SmallestBlock;
        var length = SmallestHeader;
        if ((flags & HasExtra) != 0 && length + sizeof(ushort) <= last)
        {
            length += sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(packed[length..]);
        }

        foreach (var text in (ReadOnlySpan<int>)[HasName, HasComment])
        {
            if ((flags & text) != 0 && length <= last)
            {
                length += packed[length..].IndexOf((byte)0) is var end and >= 0 ? end + 1 : packed.Length;
            }
        }

        if ((flags & HasChecksum) != 0 && length + sizeof(ushort) <= last)
        {
            var isRight = (ushort)Crc32.HashToUInt32(packed[..length]) == BinaryPrimitives.ReadUInt16LittleEndian(packed[length..]);
            length += isRight ? sizeof(ushort) : packed.Length;
        }

        return length <= last ? length : throw Damaged();
    }

    private static void ReadWhole(Stream unpacking, Span<byte> unpacked)
    {
        try
        {
            var length = unpacking.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false);
            if (length < unpacked.Length || unpacking.ReadByte() >= 0)
            {
                throw new InvalidRecordBatchException(
                    $"its gzip data does not unpack to the {unpacked.Length} bytes it ends with: it is cut off, "
                        + "or not one whole gzip member.");
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            throw Damaged();
        }
    }

    private static InvalidRecordBatchException Damaged() => new("its gzip data is damaged, or followed by other bytes.");

    /// <summary>
    /// Bytes of which the last one comes alone. A reader that has taken it and asked for nothing more needed exactly these bytes.
    /// </summary>
    private sealed unsafe class ExactSource(byte* start, int length) : UnmanagedMemoryStream(start, length)
    {
        private bool _isOverrun;

        public bool IsExact => Position == Length && !_isOverrun;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var rest = Length - Position;
            _isOverrun |= rest == 0 && count > 0;
            return base.Read(buffer, offset, (int)Math.Min(count, Math.Max(rest - 1, 1)));
        }
    }
}
