using static Orleans.Pipeline.Core.Tests.Records.HandMadeBatch;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>What is refused at the edge, each with the words that say why. The batches are right but for the one thing.</summary>
public sealed class RecordBatchValidationTests
{
    private static readonly byte[] Good = Record(0, 0, "value");

    [Fact]
    public void Too_few_bytes_for_a_header_are_refused()
    {
        AssertRefused([], "it has 0 bytes, fewer than its header of 61.");
        AssertRefused(new byte[60], "it has 60 bytes, fewer than its header of 61.");
    }

    [Fact]
    public void A_damaged_frame_is_refused()
    {
        AssertRefused(new HandMadeBatch { Magic = 1 }, "its magic is 1; only record batch version 2 is supported.");
        AssertRefused(new HandMadeBatch { Length = 61 }, "its length field says 61, but 49 bytes follow it.");
        AssertRefused(new HandMadeBatch { Length = -1 }, "its length field says -1,");
        AssertRefused(new HandMadeBatch { Length = int.MaxValue }, "its length field says 2147483647,");
        AssertRefused(new HandMadeBatch { Crc = 0xDEADBEEF }, "its CRC-32C is deadbeef, but its bytes give ");
    }

    [Fact]
    public void Every_flipped_bit_that_the_log_does_not_set_is_found()
    {
        var bytes = Captured.Bytes("headers.bin");
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            if (bit / 8 is < 8 or (>= 12 and < 16)) // the base offset and the leader epoch belong to the log; the CRC leaves them out
            {
                RecordBatch.Validate(bytes);
            }
            else
            {
                Assert.Throws<InvalidRecordBatchException>(() => RecordBatch.Validate(bytes));
            }

            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Every_cut_is_found()
    {
        var bytes = Captured.Bytes("gzip.bin");
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidRecordBatchException>(() => RecordBatch.Validate(bytes.AsMemory(0, length)));
        }
    }

    [Theory]
    [InlineData(0x0005, "its records are compressed with codec 5;")]
    [InlineData(0x0007, "its records are compressed with codec 7;")]
    [InlineData(0x0008, "its timestamp type is log append time, which only a log may set;")]
    [InlineData(0x0010, "its attributes are 0x0010; transactional and control batches are not supported.")]
    [InlineData(0x0020, "its attributes are 0x0020; ")]
    [InlineData(unchecked((short)0x8000), "its attributes are 0x8000; ")]
    public void Attributes_that_are_not_supported_are_refused(short attributes, string fault) =>
        AssertRefused(new HandMadeBatch { Attributes = attributes }, fault);

    [Fact]
    public void Counts_that_do_not_fit_are_refused()
    {
        AssertRefused(new HandMadeBatch { Count = 0, LastOffsetDelta = -1 }, "its record count is 0; at least one record is needed.");
        AssertRefused(new HandMadeBatch { Count = -5 }, "its record count is -5; ");
        AssertRefused(new HandMadeBatch { Count = 2 }, "its last offset delta is 0, but 2 records need 1.");
        AssertRefused(
            new HandMadeBatch { Count = 2, LastOffsetDelta = 1 }.With(Good), "its record count is 2, more than fit into 12 bytes.");
        AssertRefused(
            new HandMadeBatch { Count = int.MaxValue, LastOffsetDelta = int.MaxValue - 1 }.With(Good),
            "its record count is 2147483647, more than fit into 12 bytes.");
        AssertRefused(new HandMadeBatch().With(Good, Record(0, 1, "value")), "12 bytes follow its last record.");
    }

    [Fact]
    public void Producers_that_cannot_be_are_refused()
    {
        AssertRefused(new HandMadeBatch { ProducerId = -2 }, "its producer id is -2, epoch -1, sequence -1; ");
        AssertRefused(
            new HandMadeBatch { ProducerId = 1, BaseSequence = 0 },
            "its producer id is 1, epoch -1, sequence 0; with a producer id, epoch and sequence must be 0 or above.");
        AssertRefused(new HandMadeBatch { ProducerId = 1, ProducerEpoch = 0 }, "its producer id is 1, epoch 0, sequence -1; ");
    }

    [Fact]
    public void Times_outside_the_years_1_to_9999_are_refused()
    {
        var (first, last) = (DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        RecordBatch.Validate(new HandMadeBatch { BaseTimestamp = first, MaximumTimestamp = first }.With(Good).ToBytes());
        RecordBatch.Validate(new HandMadeBatch { BaseTimestamp = first, MaximumTimestamp = last }.With(Record(last - first, 0, "value")).ToBytes());

        AssertRefused(
            new HandMadeBatch { BaseTimestamp = first - 1 }, "its base timestamp is -62135596800001 ms, outside the years 1 to 9999.");
        AssertRefused(new HandMadeBatch { BaseTimestamp = long.MaxValue }, "its base timestamp is 9223372036854775807 ms, ");
        AssertFirstRefused(
            Record(last + 1 - 1_700_000_000_000, 0, "value"),
            "its timestamp is 251702300800000 ms from the batch's, outside the years 1 to 9999.");
        AssertFirstRefused(Record(long.MaxValue, 0, "value"), "its timestamp is 9223372036854775807 ms from the batch's, ");
        AssertFirstRefused(Record(long.MinValue, 0, "value"), "its timestamp is -9223372036854775808 ms from the batch's, ");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1_700_000_000_001)]
    [InlineData(1_699_999_999_999)]
    [InlineData(-1)]
    public void A_maximum_timestamp_other_than_the_newest_records_is_refused(long maximum) => AssertRefused(
        new HandMadeBatch { MaximumTimestamp = maximum }.With(Good),
        $"its maximum timestamp is {maximum} ms, but its newest record is of 1700000000000 ms.");

    [Fact]
    public void Records_that_pass_their_bounds_are_refused()
    {
        const string Length = "its length is not valid, or passes the end of the batch.";
        const string Field = "its key or value passes the end of the record.";
        AssertFirstRefused([.. Varint(7), 0, 0, 0, 1, 1, 0], Length); // one more than there is
        AssertFirstRefused([.. Varint(5), 0, 0, 0, 1, 1, 0], Length); // fewer than a record takes
        AssertFirstRefused([.. Varint(-1), 0, 0, 0, 1, 1, 0], Length);
        AssertFirstRefused([.. Varint(int.MaxValue), 0, 0, 0, 1, 1, 0], Length);
        AssertFirstRefused([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80], Length);
        AssertFirstRefused([0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0], Length); // 35 bits
        AssertFirstRefused(Record(0, 1, "value"), "its offset delta is 1; 0 comes next.");
        AssertFirstRefused(Record(0, -1, "value"), "its offset delta is -1; 0 comes next.");
        AssertFirstRefused([.. Varint(6), 0, 0x80, 0x80, 0x80, 0x80, 0x80], "its timestamp or offset delta is not valid.");
        AssertFirstRefused(Record(0, 0, Varint(-2), Varint(-1), Varint(0)), Field);
        AssertFirstRefused(Record(0, 0, Varint(4), Varint(-1), Varint(0)), Field);
        AssertFirstRefused(Record(0, 0, Varint(-1), Varint(2), Varint(0)), Field);
        AssertFirstRefused(Record(0, 0, Varint(-1), Varint(int.MaxValue), Varint(0)), Field);
        AssertFirstRefused(Record(0, 0, Varint(-1), Varint(int.MinValue), Varint(0)), Field);
        AssertFirstRefused(Record(0, 0, Varint(-1), Varint(1), [0]), "its header count is not valid.");
        AssertFirstRefused(Record(0, 0, Varint(-1), Varint(-1), Varint(0), [0]), "1 bytes follow its headers.");
    }

    [Fact]
    public void Headers_that_are_not_right_are_refused()
    {
        AssertFirstRefused(WithHeaders(Varint(-1)), "its header count is not valid.");
        AssertFirstRefused(WithHeaders(Varint(1)), "header 0 of 1: its name passes the end of the record, or is missing.");
        AssertFirstRefused(
            WithHeaders(Varint(1), Field(null), Field("x")), "header 0 of 1: its name passes the end of the record, or is missing.");
        AssertFirstRefused(WithHeaders(Varint(1), Field("x")), "header 0 of 1: its value passes the end of the record.");
        AssertFirstRefused(WithHeaders(Varint(1), Field("x"), Varint(-2)), "header 0 of 1: its value passes the end of the record.");
        AssertFirstRefused(
            WithHeaders(Varint(2), Field("x"), Field("1"), Varint(2), [0xC3, 0x28], Field("x")), "header 1 of 2: its name is not UTF-8.");
        AssertFirstRefused(
            WithHeaders(Varint(1), Varint(3), [0xED, 0xA0, 0x80], Field("x")),
            "header 0 of 1: its name is not UTF-8."); // half a surrogate pair
    }

    [Fact]
    public void A_fault_is_told_with_its_record_and_byte()
    {
        AssertRefused(
            new HandMadeBatch { Count = 3, LastOffsetDelta = 2 }.With(Good, Record(0, 7, "value"), Record(0, 2, "value")),
            "record 1 of 3, at byte 12 of the records: its offset delta is 7; 1 comes next.");
        AssertRefused(new HandMadeBatch().With(Good, [0]), "1 bytes follow its last record.");
    }

    [Fact]
    public void Sizes_up_to_the_limit_pass_and_one_more_is_refused()
    {
        var bytes = new HandMadeBatch().With(Record(0, 0, Field("key"), Field("value"), Varint(1), Field("h"), Field("x"))).ToBytes();
        var record = bytes.Length - 62; // behind the header and the record's one-byte length

        RecordBatch.Validate(
            bytes, new RecordLimits { BatchBytes = bytes.Length, RecordBytes = record, Headers = 1, DecompressedBytes = 0 });

        AssertRefused(
            bytes,
            $"it has {bytes.Length} bytes; the limit is {bytes.Length - 1}. Send smaller batches.",
            new RecordLimits { BatchBytes = bytes.Length - 1 });
        AssertRefused(
            bytes,
            $"record 0 of 1, at byte 0 of the records: it has {record} bytes; the limit is {record - 1}.",
            new RecordLimits { RecordBytes = record - 1 });
        AssertRefused(
            bytes, "record 0 of 1, at byte 0 of the records: it has 1 headers; the limit is 0.", new RecordLimits { Headers = 0 });
    }

    internal static void AssertRefused(byte[] bytes, string fault, RecordLimits? limits = null)
    {
        var refusal = Assert.Throws<InvalidRecordBatchException>(() => RecordBatch.Validate(bytes, limits));
        Assert.StartsWith($"The record batch was refused: {fault}", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] WithHeaders(params byte[][] headers) => Record(0, 0, [Varint(-1), Varint(-1), .. headers]);

    private static void AssertFirstRefused(byte[] record, string fault) =>
        AssertRefused(new HandMadeBatch().With(record), $"record 0 of 1, at byte 0 of the records: {fault}");

    private static void AssertRefused(HandMadeBatch batch, string fault) => AssertRefused(batch.ToBytes(), fault);
}
