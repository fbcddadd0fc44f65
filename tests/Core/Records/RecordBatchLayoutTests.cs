using System.Globalization;
using System.Text;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>
/// The layout against the field table of Kafka's documentation ("Record Batch", magic 2), both ways, and with no other use of
/// the code under test than the side that is tested.
/// </summary>
public sealed class RecordBatchLayoutTests
{
    [Fact]
    public void A_batch_assembled_by_hand_is_read_field_by_field()
    {
        var bytes = new HandMadeBatch
        {
            BaseOffset = 0x0102030405060708,
            LastOffsetDelta = 1,
            BaseTimestamp = 1_700_000_000_000,
            MaximumTimestamp = 1_700_000_000_005,
            ProducerId = 0x1112131415161718,
            ProducerEpoch = 0x2122,
            BaseSequence = 0x31323334,
            Count = 2,
        }.With(
            HandMadeBatch.Record(
                5,
                0,
                HandMadeBatch.Field("key"),
                HandMadeBatch.Field("value"),
                HandMadeBatch.Varint(2),
                HandMadeBatch.Field("größe"),
                HandMadeBatch.Field("12"),
                HandMadeBatch.Field(""),
                HandMadeBatch.Field(null)),
            HandMadeBatch.Record(-300, 1, HandMadeBatch.Field(null), HandMadeBatch.Field(""), HandMadeBatch.Varint(0))).ToBytes();

        var batch = RecordBatch.Validate(bytes);

        Assert.Equal(0x0102030405060708, batch.BaseOffset);
        Assert.Equal(1, batch.LastOffsetDelta);
        Assert.Equal(0x0102030405060709, batch.LastOffset);
        Assert.Equal(0x010203040506070A, batch.NextOffset);
        Assert.Equal(1_700_000_000_000, batch.BaseTimestamp);
        Assert.Equal(1_700_000_000_005, batch.MaximumTimestamp);
        Assert.Equal(0x1112131415161718, batch.ProducerId);
        Assert.Equal(0x2122, batch.ProducerEpoch);
        Assert.Equal(0x31323334, batch.BaseSequence);
        Assert.Equal(2, batch.Count);
        Assert.Equal(Compression.None, batch.Compression);
        Assert.Equal(
            [
                RecordModel.Text(1_700_000_000_005, "key", "value", ("größe", "12"), ("", null)),
                RecordModel.Text(1_699_999_999_700, null, ""),
            ],
            RecordModel.Read(batch));
    }

    [Theory]
    [InlineData("base offset", 0, "0000000000000000")]
    [InlineData("length", 8, "00000045")]
    [InlineData("partition leader epoch", 12, "FFFFFFFF")]
    [InlineData("magic", 16, "02")]
    [InlineData("attributes", 21, "0000")]
    [InlineData("last offset delta", 23, "00000001")]
    [InlineData("base timestamp", 27, "0000018BCFE56800")]
    [InlineData("maximum timestamp", 35, "0000018BCFE56801")]
    [InlineData("producer id", 43, "0000000000001267")]
    [InlineData("producer epoch", 51, "0003")]
    [InlineData("base sequence", 53, "00000009")]
    [InlineData("count", 57, "00000002")]
    [InlineData("record 0: length, attributes, deltas, key, value, headers", 61, "10000000026B027600")]
    [InlineData("record 1: the same and one header", 70, "1400020201000202680278")]
    public void A_built_batch_has_each_field_where_the_table_says(string field, int position, string hexadecimal)
    {
        var builder = new RecordBatchBuilder();
        builder.Append("k"u8, "v"u8, 1_700_000_000_000);
        builder.Append(default, ""u8, 1_700_000_000_001, [Header.Text("h", "x")]);

        var bytes = builder.Build(producerId: 4711, producerEpoch: 3, baseSequence: 9).Bytes.Span;

        var expected = Convert.FromHexString(hexadecimal);
        Assert.Equal($"{field}: {hexadecimal}", $"{field}: {Convert.ToHexString(bytes.Slice(position, expected.Length))}");
    }

    [Fact]
    public void A_built_batch_is_byte_for_byte_the_one_assembled_by_hand()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("key"u8, "value"u8, 1_700_000_000_000, [Header.Text("name", "text"), new Header("none", null)]);
        builder.Append(default, default, 1_699_999_999_000);

        var built = builder.Build(producerId: 7, producerEpoch: 1, baseSequence: int.MaxValue);

        Assert.Equal(
            new HandMadeBatch { LastOffsetDelta = 1, Count = 2, ProducerId = 7, ProducerEpoch = 1, BaseSequence = int.MaxValue }.With(
                HandMadeBatch.Record(
                    0,
                    0,
                    HandMadeBatch.Field("key"),
                    HandMadeBatch.Field("value"),
                    HandMadeBatch.Varint(2),
                    HandMadeBatch.Field("name"),
                    HandMadeBatch.Field("text"),
                    HandMadeBatch.Field("none"),
                    HandMadeBatch.Field(null)),
                HandMadeBatch.Record(-1000, 1, HandMadeBatch.Field(null), HandMadeBatch.Field(null), HandMadeBatch.Varint(0))).ToBytes(),
            built.Bytes.ToArray());
    }

    [Theory]
    [InlineData("123456789", "E3069283")] // the check value of CRC-32C in the catalogue of parametrised CRC algorithms
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "8A9136AA")] // RFC 3720, B.4
    public void The_crc_gives_the_published_check_values(string text, string crc)
    {
        var bytes = Encoding.Latin1.GetBytes(text);

        Assert.Equal(uint.Parse(crc, NumberStyles.HexNumber, CultureInfo.InvariantCulture), RecordBatchLayout.ComputeCrc(bytes));
        Assert.Equal(RecordBatchLayout.ComputeCrc(bytes), HandMadeBatch.ComputeCrc(bytes));
    }

    [Fact]
    public void The_first_batch_of_a_run_is_measured()
    {
        var bytes = new HandMadeBatch().With(HandMadeBatch.Record(0, 0, "value")).ToBytes();

        Assert.Equal(bytes.Length, RecordBatch.MeasureFirst([.. bytes, .. bytes]));
        Assert.Equal(bytes.Length, RecordBatch.MeasureFirst(bytes.AsSpan(0, 12)));
        Assert.Null(RecordBatch.MeasureFirst(bytes.AsSpan(0, 11)));
        Assert.Null(RecordBatch.MeasureFirst([]));
    }

    [Theory]
    [InlineData(49, 61)]
    [InlineData(int.MaxValue - 12, int.MaxValue)]
    [InlineData(48, null)]
    [InlineData(int.MaxValue - 11, null)]
    [InlineData(int.MaxValue, null)]
    [InlineData(-1, null)]
    [InlineData(int.MinValue, null)]
    public void A_length_that_no_batch_can_have_is_not_measured(int length, int? expected) =>
        Assert.Equal(expected, RecordBatch.MeasureFirst(new HandMadeBatch { Length = length }.ToBytes()));

    [Fact]
    public void Sequences_wrap_from_the_largest_to_zero()
    {
        Assert.Equal(15, RecordBatch.SequenceAfter(5, 10));
        Assert.Equal(0, RecordBatch.SequenceAfter(int.MaxValue, 1));
        Assert.Equal(9, RecordBatch.SequenceAfter(int.MaxValue - 1, 11));
        Assert.Equal(int.MaxValue - 1, RecordBatch.SequenceAfter(int.MaxValue, int.MaxValue));
    }
}
