using System.Text;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>
/// A record batch assembled byte by byte from the layout that Kafka documents, with none of the code under test: big-endian
/// fields one after the other, CRC-32C computed bit by bit. Every field can be set to what it should not be.
/// </summary>
internal sealed class HandMadeBatch
{
    private readonly List<byte> _records = [];

    public long BaseOffset { get; set; }

    public int? Length { get; set; }

    public int LeaderEpoch { get; set; } = -1;

    public byte Magic { get; set; } = 2;

    public uint? Crc { get; set; }

    public short Attributes { get; set; }

    public int LastOffsetDelta { get; set; }

    public long BaseTimestamp { get; set; } = 1_700_000_000_000;

    public long MaximumTimestamp { get; set; } = 1_700_000_000_000;

    public long ProducerId { get; set; } = -1;

    public short ProducerEpoch { get; set; } = -1;

    public int BaseSequence { get; set; } = -1;

    public int Count { get; set; } = 1;

    /// <summary>Zigzag, then seven bits to a byte, the lowest first.</summary>
    public static byte[] Varint(long value)
    {
        var zigzag = new System.Numerics.BigInteger(value) is var number && number < 0 ? (-number * 2) - 1 : number * 2;
        var bytes = new List<byte>();
        while (zigzag >= 128)
        {
            bytes.Add((byte)((int)(zigzag % 128) + 128));
            zigzag /= 128;
        }

        bytes.Add((byte)zigzag);
        return [.. bytes];
    }

    /// <summary>A length and as many bytes; -1 for none.</summary>
    public static byte[] Field(string? text) =>
        text is null ? Varint(-1) : [.. Varint(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A record: its length, attributes, deltas, and what follows them.</summary>
    public static byte[] Record(long timestampDelta, int offsetDelta, params byte[][] content)
    {
        byte[] body = [0, .. Varint(timestampDelta), .. Varint(offsetDelta), .. content.SelectMany(bytes => bytes)];
        return [.. Varint(body.Length), .. body];
    }

    /// <summary>A record without key and headers.</summary>
    public static byte[] Record(long timestampDelta, int offsetDelta, string value) =>
        Record(timestampDelta, offsetDelta, Field(null), Field(value), Varint(0));

    public HandMadeBatch With(params byte[][] records)
    {
        foreach (var record in records)
        {
            _records.AddRange(record);
        }

        return this;
    }

    public byte[] ToBytes()
    {
        byte[] covered =
        [
            .. BigEndian(Attributes, 2), .. BigEndian(LastOffsetDelta, 4), .. BigEndian(BaseTimestamp, 8), .. BigEndian(
                MaximumTimestamp, 8),
            .. BigEndian(ProducerId, 8), .. BigEndian(ProducerEpoch, 2), .. BigEndian(BaseSequence, 4), .. BigEndian(Count, 4), .. _records,
        ];
        byte[] afterLength = [.. BigEndian(LeaderEpoch, 4), Magic, .. BigEndian(Crc ?? ComputeCrc(covered), 4), .. covered];
        return [.. BigEndian(BaseOffset, 8), .. BigEndian(Length ?? afterLength.Length, 4), .. afterLength];
    }

    /// <summary>CRC-32C (Castagnoli): reversed polynomial 0x82F63B78, bit by bit.</summary>
    public static uint ComputeCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
            }
        }

        return crc ^ 0xFFFFFFFFu;
    }

    private static byte[] BigEndian(long value, int bytes) =>
        [.. Enumerable.Range(1, bytes).Select(index => (byte)(value >> (8 * (bytes - index))))];
}
