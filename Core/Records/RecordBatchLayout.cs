using System.Numerics;
using System.Runtime.InteropServices;

namespace Orleans.Pipeline.Records;

/// <summary>
/// The positions of the fields of a record batch header, in bytes. All integers are big-endian. Source: Apache Kafka's documentation,
/// "Implementation / Message Format / Record Batch", magic 2.
/// </summary>
internal static class RecordBatchLayout
{
    public const int BaseOffset = 0;
    public const int Length = 8;
    public const int LeaderEpoch = 12;
    public const int Magic = 16;
    public const int Crc = 17;
    public const int Attributes = 21;
    public const int LastOffsetDelta = 23;
    public const int BaseTimestamp = 27;
    public const int MaximumTimestamp = 35;
    public const int ProducerId = 43;
    public const int ProducerEpoch = 51;
    public const int BaseSequence = 53;
    public const int Count = 57;
    public const int Records = 61;

    /// <summary>The bytes that the length field does not count: itself and the base offset.</summary>
    public const int LengthExcludes = 12;

    public const byte MagicValue = 2;
    public const short CompressionMask = 0x07;
    public const short TimestampTypeBit = 0x08;

    /// <summary>Computes CRC-32C (Castagnoli), as in RFC 3720 appendix B.4.</summary>
    public static uint ComputeCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var last in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        return ~crc;
    }
}
