using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using static Orleans.Pipeline.Gateway.Tests.Hostile.HostileKind;

namespace Orleans.Pipeline.Gateway.Tests.Hostile;

/// <summary>Requests whose HTTP is right and whose content is not.</summary>
internal static class ContentKinds
{
    private const string Batches = "/v1/topics/numbers/partitions/0/batches";
    private const string Records = "/v1/topics/numbers/records";
    private const string BatchType = "application/vnd.orleans-pipeline.batch";
    private const string Ndjson = "application/x-ndjson";
    private const string Json = "application/json";

    private static readonly byte[] Batch = Build(Compression.None, "a", "b", "c");
    private static readonly byte[] Bomb = Build(Compression.Gzip, Enumerable.Repeat(new string('0', 300_000), 10));

    private static readonly byte[] LineBomb = Packed(50 << 20);
    private static readonly byte[] LyingBomb = Lying(Bomb);

    public static IEnumerable<HostileKind> All =>
    [
        HostileKind.Bytes(
            "a batch that is noise",
            300,
            (host, random) => host.Request("POST", Batches, BatchType, Noise(random, random.Next(0, 5000))),
            "400 invalid-record-batch"),
        HostileKind.Bytes(
            "a batch that is cut",
            300,
            (host, random) => host.Request("POST", Batches, BatchType, Batch[..random.Next(Batch.Length)]),
            "400 invalid-record-batch"),
        HostileKind.Bytes("a batch with one bit changed", 400, Flipped, "400 invalid-record-batch"),
        HostileKind.Bytes(
            "two batches where one is taken",
            100,
            (host, _) => host.Request("POST", Batches, BatchType, [.. Batch, .. Batch]),
            "400 invalid-record-batch"),
        HostileKind.Bytes(
            "a batch that unpacks to more than the limit",
            60,
            (host, _) => host.Request("POST", Batches, BatchType, Bomb),
            "400 invalid-record-batch"),
        HostileKind.Bytes(
            "a batch that unpacks to more than it says",
            60,
            (host, _) => host.Request("POST", Batches, BatchType, LyingBomb),
            "400 invalid-record-batch"),
        HostileKind.Bytes("a body over the limit, said", 200, (host, random) => host.Request(
            "POST",
            Batches,
            BatchType,
            headers: $"Content-Length: {random.NextInt64(HostileHost.RequestBytes + 1, long.MaxValue)}\r\n"), "413 request-too-large"),
        HostileKind.Bytes("a body over the limit, not said", 20, (host, _) => [.. host.Request(
            "POST", Batches, BatchType, headers: "Transfer-Encoding: chunked\r\n"), .. Chunks(9)], "413 request-too-large", "closed"),
        new("a body that ends early", 300, (host, random) => host.ExchangeAsync(
            [.. host.Request("POST", Batches, BatchType, headers: $"Content-Length: {Batch.Length}\r\n"), .. Batch[..random.Next(Batch.Length)]], endsSending: true), "400 invalid-request", "400", "closed"),
        HostileKind.Bytes("another content type", 200, (host, random) => host.Request(
            "POST",
            Pick(random, Batches, Records),
            Pick(random, null, "text/plain", "a", "application/x-www-form-urlencoded", new string('t', 1000)),
            Batch), "415 unsupported-content-type"),
        HostileKind.Bytes("a body that is no JSON", 400, (host, random) => host.Request("POST", "/v1/producers", Json, Encoding.UTF8.GetBytes(Pick(
            random,
            "{",
            "[]",
            "{\"name\":}",
            "{\"name\":1}",
            "nul",
            "{\"name\":\"a\",}",
            "{\"name\":\"a\"} {}",
            "{\"other\":1}",
            "\"\\ud800\"",
            "{\"name\":\"" + new string('n', 200) + "\"}"))), "400 invalid-request"),
        HostileKind.Bytes("JSON that is deep", 100, (host, random) => host.Request("POST", Records, Json, Encoding.ASCII.GetBytes(
            "{\"records\":[{\"value\":" + new string('[', random.Next(70, 100_000)))), "400 invalid-request"),
        HostileKind.Bytes(
            "JSON that is not UTF-8",
            100,
            (host, _) => host.Request("POST", Records, Json, [.. "{\"records\":[{\"value\":\""u8, 0xC3, 0x28, .. "\"}]}"u8]),
            "400 invalid-request"),
        HostileKind.Bytes("JSON with absurd numbers", 200, (host, random) => host.Request("POST", Records, Json, Encoding.ASCII.GetBytes(
            $$"""{"records":[{"value":1,"{{Pick(random, "partition", "timestamp")}}":{{Pick(random, "1e400", "-1e99", "99999999999999999999", "1.5", "\"1\"")}}}]}""")), "400 invalid-request"),
        HostileKind.Bytes("a record for a partition that is not there", 100, (host, random) => host.Request("POST", Records, Json, Encoding.ASCII.GetBytes(
            $$"""{"records":[{"value":1,"partition":{{Pick(random, int.MinValue, -1, 1000, int.MaxValue)}}}]}""")), "404 unknown-partition"),
        HostileKind.Bytes("lines of which one is no JSON", 300, (host, random) => host.Request("POST", Records, Ndjson, Encoding.UTF8.GetBytes(
            "{\"key\":\"a\",\"number\":1}\n" + Pick(random, "{", "}", "{\"a\":}", "a", "1 2", "\"\\u12\"", "[" + new string('[', 5000))) ), "400 invalid-record"),
        HostileKind.Bytes(
            "lines that are not UTF-8",
            100,
            (host, _) => host.Request("POST", Records, Ndjson, [.. "1\n\""u8, 0xFF, 0xFE, .. "\"\n"u8]),
            "400 invalid-record"),
        HostileKind.Bytes(
            "lines packed to a thousandth, one over the limit",
            60,
            (host, _) => host.Request("POST", Records, Ndjson, LineBomb, "Content-Encoding: gzip\r\n"),
            "400 invalid-record",
            "413"),
        HostileKind.Bytes(
            "lines whose packing is noise",
            100,
            (host, random) => host.Request("POST", Records, Ndjson, Noise(random, random.Next(1, 2000)), "Content-Encoding: gzip\r\n"),
            "400"),
        HostileKind.Bytes("lines in a packing that is not taken", 100, (host, random) => host.Request(
            "POST", Records, Ndjson, "1\n"u8.ToArray(), $"Content-Encoding: {Pick(random, "br", "zstd", "deflate", "gzip, gzip", new string('e', 500))}\r\n"), "415 unsupported-content-encoding"),
        HostileKind.Bytes("an odd query", 300, (host, random) => host.Request("GET", "/v1/topics/numbers/partitions/0/records?" + Pick(
            random,
            "offset=many",
            "offset=99999999999999999999",
            "offset=",
            "",
            "offset=0&maxBytes=-1",
            "offset=0&maxBytes=0",
            "offset=0&waitMs=-1",
            "offset=0&waitMs=1e9",
            "offset=0x10")), "400 invalid-request"),
        HostileKind.Bytes("an offset that is not there", 100, (host, random) => host.Request(
            "GET", $"/v1/topics/numbers/partitions/0/records?offset={Pick(random, long.MinValue, -1, 1_000_000, long.MaxValue)}"), "400 offset-out-of-range"),
        HostileKind.Bytes("a partition that is none", 100, (host, random) => host.Request(
            "GET", $"/v1/topics/numbers/partitions/{Pick(random, "-1", "4", "2147483647")}/records?offset=0"), "404 unknown-partition"),
        HostileKind.Bytes("a partition that is no number", 100, (host, random) => host.Request(
            "GET", $"/v1/topics/numbers/partitions/{Pick(random, "a", "1.5", "99999999999", "%00")}/records?offset=0"), "400 invalid-request", "400"),
    ];

    private static byte[] Flipped(HostileHost host, Random random)
    {
        // The base offset (8 bytes) and the leader epoch (4, after the length's 4) are the log's to set: no batch is wrong by them.
        var flipped = (byte[])Batch.Clone();
        var place = random.Next(8, flipped.Length - 4);
        flipped[place < 12 ? place : place + 4] ^= (byte)(1 << random.Next(8));
        return host.Request("POST", Batches, BatchType, flipped);
    }

    /// <summary>A batch whose gzip data says that it unpacks to 1,000 bytes, with a Checksum that fits.</summary>
    private static byte[] Lying(byte[] bomb)
    {
        const int Checksum = 17;
        const int Summed = 21;
        var lying = (byte[])bomb.Clone();
        BinaryPrimitives.WriteInt32LittleEndian(lying.AsSpan(lying.Length - 4), 1000);
        var sum = uint.MaxValue;
        foreach (var value in lying.AsSpan(Summed))
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        BinaryPrimitives.WriteUInt32BigEndian(lying.AsSpan(Checksum), ~sum);
        return lying;
    }

    private static byte[] Chunks(int chunks)
    {
        byte[] chunk = [.. "10000\r\n"u8, .. new byte[1 << 16], .. "\r\n"u8];
        return [.. Enumerable.Repeat(chunk, chunks).SelectMany(bytes => bytes), .. "0\r\n\r\n"u8];
    }

    /// <summary>A line of so many zeros, as gzip.</summary>
    private static byte[] Packed(int bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Enumerable.Repeat((byte)'0', bytes).ToArray());
        }

        return packed.ToArray();
    }

    private static byte[] Build(Compression compression, params IEnumerable<string> values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(default, Encoding.UTF8.GetBytes(value), timestamp: 0);
        }

        return builder.Build(compression: compression).Bytes.ToArray();
    }
}
