using System.Buffers.Binary;
using System.IO.Compression;

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
    private const int SmallestMember = 20;

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

    /// <summary>Unpacks gzip data into memory of the measured length.</summary>
    /// <exception cref="InvalidRecordBatchException">The data is damaged, or unpacks to another length.</exception>
    public static unsafe void Unpack(ReadOnlySpan<byte> packed, Span<byte> unpacked)
    {
        fixed (byte* start = packed)
        {
            using var source = new UnmanagedMemoryStream(start, packed.Length);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            try
            {
                var length = gzip.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false);
                if (length < unpacked.Length || gzip.ReadByte() >= 0)
                {
                    throw new InvalidRecordBatchException(
                        $"its gzip data does not unpack to the {unpacked.Length} bytes it ends with: "
                        + "it is cut off, or not one whole gzip member.");
                }
            }
            catch (Exception damaged) when (damaged is InvalidDataException or IOException)
            {
                throw new InvalidRecordBatchException("its gzip data is damaged, or followed by other bytes.");
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
}
