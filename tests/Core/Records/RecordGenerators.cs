using FsCheck;
using FsCheck.Fluent;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>Arbitrary records: none, empty and longer keys and values, headers of all sorts, times up to both ends.</summary>
internal static class RecordGenerators
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static Gen<Random> Randomness { get; } = Gen.Choose(0, int.MaxValue).Select(seed => new Random(seed));

    public static Gen<RecordModel[]> Records { get; } =
        from count in Gen.Choose(1, 40)
        from records in Gen.ArrayOf(Record, count)
        select records;

    private static Gen<RecordModel> Record =>
        from timestamp in Timestamp
        from key in Field
        from value in Field
        from headers in Headers
        select new RecordModel(timestamp, key, value, headers);

    private static Gen<long> Timestamp => Gen.Frequency(
        (6, Randomness.Select(random => 1_700_000_000_000 + random.Next(-100_000, 100_000))),
        (2, Gen.Elements(Earliest, Latest, -1, 0, 1)),
        (2, Randomness.Select(random => random.NextInt64(Earliest, Latest + 1))));

    private static Gen<byte[]?> Field => Gen.Frequency(
        (2, Gen.Constant<byte[]?>(null)),
        (1, Gen.Constant<byte[]?>([])),
        (8, Bytes(70).Select(bytes => (byte[]?)bytes)),
        (1, Bytes(9_000).Select(bytes => (byte[]?)bytes)));

    private static Gen<(string, byte[]?)[]> Headers => Gen.Frequency(
        (3, Gen.Constant(Array.Empty<(string, byte[]?)>())),
        (1, from count in Gen.Choose(1, 4)
            from headers in Gen.ArrayOf(Gen.Elements("", "a", "größe", "😀", new string('n', 200)).Zip(Field), count)
            select headers.Select(header => (header.Item1, header.Item2)).ToArray()));

    private static Gen<byte[]> Bytes(int most) => Randomness.Select(random =>
    {
        var bytes = new byte[random.Next(most + 1)];
        random.NextBytes(bytes);
        return bytes;
    });
}
