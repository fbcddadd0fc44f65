using System.Buffers.Binary;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Layout = Orleans.Pipeline.Records.RecordBatchLayout;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>What is done to the bytes of a batch.</summary>
internal enum Damage
{
    FlipBit,
    SetByte,
    InsertNumber,
    Cut,
    Remove,
    Splice,
    OverwriteField,
}

/// <summary>Where it is done, what with, and whether to the records before they are packed (which a plain batch has only one of).</summary>
internal readonly record struct Mutation(Damage Damage, uint Place, long Value, bool BeforePacking);

/// <summary>
/// Bytes that a hostile client might send: a valid batch, damaged before its records are packed or after. With
/// <paramref name="Repair"/> the length and CRC are corrected, so that later checks meet the damage.
/// </summary>
internal sealed record HostileBatch(int Seed, Mutation[] Mutations, bool Repair)
{
    private static readonly long[] Telling =
        [0, 1, -1, 2, 63, 64, 127, 128, 255, 256, 8191, 8192, 65_535, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1_700_000_000_000];

    private static readonly int[] Fields =
        [0, Layout.Length, Layout.LeaderEpoch, Layout.Magic, Layout.Crc, Layout.Attributes, Layout.LastOffsetDelta, Layout.BaseTimestamp,
        Layout.MaximumTimestamp, Layout.ProducerId, Layout.ProducerEpoch, Layout.BaseSequence, Layout.Count, Layout.Records];

    private static readonly byte[][] Seeds = MakeSeeds();

    public static Gen<HostileBatch> Any { get; } =
        from seed in Gen.Choose(0, Seeds.Length - 1)
        from mutations in Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(AnyMutation, count))
        from repair in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        select new HostileBatch(seed, mutations, repair);

    private static Gen<Mutation> AnyMutation => RecordGenerators.Randomness.Select(random => new Mutation(
        (Damage)random.Next((int)Damage.OverwriteField + 1),
        (uint)random.NextInt64(1L << 32),
        random.Next(3) == 0 ? random.Next(256) : Telling[random.Next(Telling.Length)],
        BeforePacking: random.Next(4) != 0));

    public static IEnumerable<HostileBatch> Shrink(HostileBatch batch) =>
        Property.Without(batch.Mutations).Select(fewer => batch with { Mutations = fewer });

    public byte[] ToBytes()
    {
        var batch = RecordBatch.Trust(Seeds[Seed]);
        var packed = batch.Compression == Compression.Gzip;
        var bytes = batch.Decompress().Bytes.ToArray();
        foreach (var mutation in Mutations.Where(mutation => mutation.BeforePacking))
        {
            bytes = Apply(mutation, bytes);
        }

        bytes = packed && bytes.Length >= Layout.Records ? Pack(bytes) : bytes;
        foreach (var mutation in Mutations.Where(mutation => !mutation.BeforePacking))
        {
            bytes = Apply(mutation, bytes);
        }

        return Repair && bytes.Length >= Layout.Records ? MadeToFit(bytes) : bytes;
    }

    private static byte[] Apply(Mutation mutation, byte[] bytes)
    {
        var place = (int)((ulong)mutation.Place * (ulong)(bytes.Length + 1) >> 32);
        var (before, after) = (bytes[..place], bytes[place..]);
        switch (mutation.Damage)
        {
            case Damage.FlipBit when after.Length > 0:
                after[0] ^= (byte)(1 << (int)(mutation.Value & 7));
                return [.. before, .. after];
            case Damage.SetByte when after.Length > 0:
                after[0] = (byte)mutation.Value;
                return [.. before, .. after];
            case Damage.InsertNumber:
                return [.. before, .. HandMadeBatch.Varint(mutation.Value), .. after];
            case Damage.Cut:
                return before;
            case Damage.Remove:
                return [.. before, .. after[(int)Math.Min(after.Length, mutation.Value & 63)..]];
            case Damage.Splice:
                var other = Seeds[(int)((ulong)mutation.Value % (ulong)Seeds.Length)];
                return [.. before, .. other[(int)((ulong)mutation.Place % (ulong)other.Length)..]];
            default:
                var field = (int)(mutation.Place % (Fields.Length - 1));
                for (var position = Fields[field]; position < Math.Min(Fields[field + 1], bytes.Length); position++)
                {
                    bytes[position] = (byte)(mutation.Value >> (8 * (Fields[field + 1] - 1 - position)));
                }

                return bytes;
        }
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        packed.Write(bytes, 0, Layout.Records);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes, Layout.Records, bytes.Length - Layout.Records);
        }

        bytes = packed.ToArray();
        bytes[Layout.Attributes + 1] |= (byte)Compression.Gzip;
        return MadeToFit(bytes);
    }

    private static byte[] MadeToFit(byte[] bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Layout.Length), bytes.Length - Layout.LengthExcludes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Layout.Crc), Layout.ComputeCrc(bytes.AsSpan(Layout.Attributes)));
        return bytes;
    }

    private static byte[][] MakeSeeds()
    {
        string[] captured = ["plain.bin", "gzip.bin", "keys.bin", "headers.bin", "nulls.bin", "idempotent.bin", "idempotent-gzip.bin"];
        var one = RecordModel.Text(1_700_000_000_000, "k", "v");
        var wide = RecordModel.Text(
            DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), null, new string('v', 200), ("größe", "x"), ("", null));
        var late = RecordModel.Text(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), "", null);
        RecordModel[][] made = [[one], [wide, late], [one, one, one, late], [.. Enumerable.Repeat(one, 70)]];
        return
        [
            .. captured.Select(Captured.Bytes),
            .. made.Select(models => RecordModel.Append(new RecordBatchBuilder(), models).Build(5, 0, 0).Bytes.ToArray()),
            .. made.Select(models => RecordModel.Append(
                new RecordBatchBuilder(),
                models).Build(compression: Compression.Gzip).Bytes.ToArray()),
        ];
    }
}
