using System.IO.Compression;
using static Orleans.Pipeline.Core.Tests.Records.HandMadeBatch;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>Batches whose records are packed with gzip, right and wrong.</summary>
public sealed class GzipBatchTests
{
    /// <summary>Exceptions, messages and the inflater: far less than the records would take.</summary>
    private const int Overhead = 64 << 10;

    private static readonly byte[] Records = Record(0, 0, new string('x', 1000));

    [Fact]
    public void A_packed_batch_unpacks_to_the_one_that_was_built()
    {
        RecordModel[] models = [.. Enumerable.Range(0, 500).Select(index => RecordModel.Text(
            1_700_000_000_000 + index,
            $"key {index}",
            "value",
            ("n", $"{index}")))];
        var plain = RecordModel.Append(new RecordBatchBuilder(), models).Build(7, 1, 3);

        var packed = RecordModel.Append(new RecordBatchBuilder(), models).Build(7, 1, 3, Compression.Gzip);
        var unpacked = RecordBatch.Trust(packed.Bytes.ToArray(), 900).Decompress();

        Assert.True(packed.Bytes.Length < plain.Bytes.Length / 2);
        Assert.Equal(900, RecordBatch.Validate(unpacked.Bytes).BaseOffset);
        Assert.Equal(plain.Bytes[8..].ToArray(), unpacked.Bytes[8..].ToArray());
        Assert.Equal(models, RecordModel.Read(RecordBatch.Validate(packed.Bytes)));
    }

    [Fact]
    public void A_batch_without_compression_is_its_own_decompression()
    {
        var batch = RecordBatch.Validate(Captured.Bytes("plain.bin"));

        Assert.Equal(batch.Bytes, batch.Decompress().Bytes);
    }

    [Fact]
    public void Packed_records_are_not_walked()
    {
        var batch = RecordBatch.Validate(Captured.Bytes("gzip.bin"));

        var error = Assert.Throws<InvalidOperationException>(() => batch.GetEnumerator());
        Assert.Equal("The batch at offset 0 is compressed with Gzip; decompress it before reading its records.", error.Message);
    }

    [Fact]
    public void Records_of_exactly_the_limit_pass_and_one_byte_more_is_refused()
    {
        var bytes = Packed(Gzip(Records));

        RecordBatch.Validate(bytes, new RecordLimits { DecompressedBytes = Records.Length });

        RecordBatchValidationTests.AssertRefused(
            bytes,
            $"its records unpack to {Records.Length} bytes; the limit is {Records.Length - 1}. Send smaller batches.",
            new RecordLimits { DecompressedBytes = Records.Length - 1 });
    }

    [Fact]
    public void Gzip_data_that_is_not_one_whole_member_is_refused()
    {
        var member = Gzip(Records);
        const string NotWhole = "its gzip data ";
        AssertRefused([], "its gzip data has 0 bytes, fewer than the 20 of an empty gzip member.");
        AssertRefused(member[..19], "its gzip data has 19 bytes, fewer than ");
        AssertRefused(new byte[40], "its gzip data is damaged, or followed by other bytes.");
        AssertRefused([.. member, .. member], NotWhole);
        AssertRefused([.. Gzip(Records[..500]), .. Gzip(Records[500..])], NotWhole);
        AssertRefused([.. member, 1, 2, 3, 4, 5], NotWhole);
        AssertRefused([.. member, .. new byte[5000]], NotWhole);
        AssertRefused([.. member, 0x1F, 0x8B, 8, 0], NotWhole);
        for (var cut = 20; cut < member.Length; cut++)
        {
            AssertRefused(member[..cut], NotWhole);
        }
    }

    [Fact]
    public void Bytes_between_the_member_and_a_copy_of_its_length_are_refused()
    {
        var member = Gzip(Records);
        var length = member[^4..];
        byte[] nothing = Convert.FromHexString("1F8B080000000000000303000000000000000000"), sixteen = Gzip(new byte[0x01010101]), beginning = Gzip(new byte[0x00088B1F]);

        RecordBatch.Validate(Packed(member));
        AssertRefused([.. member, .. length], "its gzip data is damaged, or followed by other bytes.");
        AssertRefused([.. member, 1, 2, 3, .. length], "its gzip data is damaged, or followed by other bytes.");
        AssertRefused([.. member, .. new byte[5000], .. length], "its gzip data is damaged, or followed by other bytes.");
        AssertRefused([.. member, .. member[..^20], .. length], "its gzip data ");
        AssertRefused([.. nothing, .. member], "its gzip data ");
        AssertRefused([.. nothing, .. nothing, .. member], "its gzip data ");
        AssertRefused([.. sixteen, 1], "its gzip data is damaged, or followed by other bytes."); // its length is 01 01 01 01
        AssertRefused([.. beginning, 0x1F, 0x8B, 8, 0], "its gzip data is damaged, or followed by other bytes."); // as is its length
    }

    [Theory]
    [InlineData(0x04, "0300010203")]
    [InlineData(0x04, "0000")]
    [InlineData(0x08, "6E616D6500")]
    [InlineData(0x10, "00")]
    [InlineData(0x1C, "0100FF6E616D6500636F6D6D656E7400")]
    [InlineData(0x01, "")]
    public void The_optional_fields_of_a_header_are_passed_over(byte flags, string fields)
    {
        var plain = Gzip(Records);
        byte[] header = [.. plain[..3], flags, .. plain[4..10], .. Convert.FromHexString(fields)];
        byte[] sum = [.. BitConverter.GetBytes((ushort)System.IO.Hashing.Crc32.HashToUInt32([.. header[..3], (byte)(flags | 2), .. header[4..]]))];
        byte[] member = [.. header, .. plain[10..]];
        byte[] summed = [.. header[..3], (byte)(flags | 2), .. header[4..], .. sum, .. plain[10..]];

        Assert.Equal(RecordBatch.Validate(Packed(plain)).Count, RecordBatch.Validate(Packed(member)).Count);
        RecordBatch.Validate(Packed(summed));
        summed[header.Length] ^= 1;
        AssertRefused(summed, "its gzip data is damaged, or followed by other bytes.");
        AssertRefused([.. member[..3], (byte)(flags | 0x20), .. member[4..]], "its gzip data is damaged, or followed by other bytes.");
        AssertRefused([.. header, .. new byte[20]], "its gzip data ");
        for (var cut = 20; cut < member.Length; cut++)
        {
            AssertRefused(member[..cut], "its gzip data ");
        }
    }

    [Fact]
    public void Every_damaged_byte_of_the_packed_data_and_its_trailer_is_found()
    {
        var member = Gzip(Records);
        for (var position = 10; position < member.Length; position++)
        {
            member[position] ^= 0x55;
            AssertRefused(member, "");
            member[position] ^= 0x55;
        }
    }

    [Fact]
    public void Data_cut_off_behind_what_looks_like_its_length_is_refused()
    {
        byte[] stored = [0x00, 0xFF, 0x00, 0x00, 0xFF, .. new byte[255]]; // deflate: a block of 255 stored bytes, and not the last
        byte[] begun = [0x00, 0x01, 0x00, 0x00]; // another block begins; read as the trailer, a length of 256

        AssertRefused(
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. stored, .. begun], "its gzip data does not unpack to the 256 bytes it ends with: ");
    }

    [Fact]
    public void A_member_of_nothing_holds_no_record() =>
        AssertRefused(
            Convert.FromHexString("1F8B080000000000000303000000000000000000"), "its record count is 1, more than fit into 0 bytes.");

    [Fact]
    public void A_bomb_is_refused_before_it_is_unpacked()
    {
        var bytes = Packed(Gzip(new byte[64 << 20]));
        Assert.True(bytes.Length < 512 << 10);

        var allocated = Allocated(() => RecordBatchValidationTests.AssertRefused(
            bytes,
            "its records unpack to 67108864 bytes; the limit is 33554432."));

        Assert.True(allocated < Overhead, $"{allocated} bytes were allocated.");
    }

    [Fact]
    public void A_trailer_that_promises_more_than_can_be_takes_no_memory()
    {
        byte[] member = [.. Gzip(Records)[..^4], 0, 0, 0, 1]; // 16 MiB
        var bytes = Packed(member);

        var allocated = Allocated(() => RecordBatchValidationTests.AssertRefused(
            bytes, $"its gzip data has {member.Length} bytes and ends with a length of 16777216, more than it can unpack to: it is damaged, or not one whole gzip member."));

        Assert.True(allocated < Overhead, $"{allocated} bytes were allocated.");
    }

    [Fact]
    public void Validating_packed_records_keeps_no_memory_of_their_size()
    {
        var builder = new RecordBatchBuilder();
        for (var index = 0; index < 10_000; index++)
        {
            builder.Append(
                default, "a value of a hundred bytes, or nearly so, so that ten thousand of them make about a megabyte of it"u8, index);
        }

        var bytes = builder.Build(compression: Compression.Gzip).Bytes;
        RecordBatch.Validate(bytes);

        var allocated = Allocated(() => RecordBatch.Validate(bytes));

        Assert.True(allocated < Overhead, $"{allocated} bytes were allocated.");
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void AssertRefused(byte[] packed, string fault) => RecordBatchValidationTests.AssertRefused(Packed(packed), fault);

    private static byte[] Packed(byte[] packed) => new HandMadeBatch { Attributes = 1 }.With(packed).ToBytes();

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
