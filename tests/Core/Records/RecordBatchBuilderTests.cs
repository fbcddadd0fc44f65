using System.Runtime.InteropServices;

namespace Orleans.Pipeline.Core.Tests.Records;

public sealed class RecordBatchBuilderTests
{
    private const long Now = 1_700_000_000_000;

    [Fact]
    public void None_and_empty_stay_apart_and_stay_so_when_passed_on()
    {
        RecordModel[] models = [RecordModel.Text(Now, null, null), RecordModel.Text(Now, "", ""), RecordModel.Text(Now, null, ""), RecordModel.Text(Now, "", null)];
        var batch = RecordModel.Append(new RecordBatchBuilder(), models).Build();
        var next = new RecordBatchBuilder();

        foreach (var record in batch)
        {
            next.Append(record.KeySpan, record.ValueSpan, record.Timestamp);
        }

        Assert.Equal(models, RecordModel.Read(RecordBatch.Validate(batch.Bytes)));
        Assert.Equal(models, RecordModel.Read(RecordBatch.Validate(next.Build().Bytes)));
    }

    [Fact]
    public void A_builder_is_empty_after_building_and_after_a_reset()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("a"u8, "1"u8, Now);
        builder.Build();
        Assert.Equal((0, RecordBatch.HeaderBytes), (builder.Count, builder.Bytes));

        builder.Append("b"u8, "2"u8, Now + 50);
        builder.Reset();
        builder.Append("c"u8, "3"u8, Now - 50);

        Assert.Equal([RecordModel.Text(Now - 50, "c", "3")], RecordModel.Read(RecordBatch.Validate(builder.Build().Bytes)));
    }

    [Fact]
    public void Bytes_tells_the_size_of_the_batch_it_would_build()
    {
        var builder = new RecordBatchBuilder(capacity: 0);
        builder.Append("key"u8, new byte[5000], Now, [Header.Text("name", "value")]);
        var (count, bytes) = (builder.Count, builder.Bytes);

        var batch = builder.Build();

        Assert.Equal((batch.Count, batch.Bytes.Length), (count, bytes));
    }

    [Fact]
    public void A_record_takes_no_more_than_it_was_measured_to()
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, default, DateTimeOffset.MinValue.ToUnixTimeMilliseconds());
        var before = builder.Bytes;

        builder.Append(new byte[70_000], new byte[3_000_000], DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

        Assert.InRange(builder.Bytes - before, 3_070_000, RecordBatchBuilder.MaximumRecordBytes(70_000, 3_000_000));
        Assert.Equal(int.MaxValue, RecordBatchBuilder.MaximumRecordBytes(int.MaxValue, int.MaxValue));
    }

    [Fact]
    public void Rolling_back_forgets_all_that_came_after_the_mark()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("a"u8, "1"u8, Now);
        var mark = builder.SetMark();
        builder.Append("b"u8, new byte[100_000], Now + 1000);
        builder.RollBack(mark);
        builder.Append("c"u8, "3"u8, Now + 5);

        var batch = RecordBatch.Validate(builder.Build().Bytes);

        Assert.Equal([RecordModel.Text(Now, "a", "1"), RecordModel.Text(Now + 5, "c", "3")], RecordModel.Read(batch));
        Assert.Equal(Now + 5, batch.MaximumTimestamp);
    }

    [Fact]
    public void A_builder_can_be_appended_to_itself()
    {
        RecordModel[] models = [RecordModel.Text(Now, "a", "1"), RecordModel.Text(Now + 7, null, "2", ("h", "x"))];
        var builder = RecordModel.Append(new RecordBatchBuilder(capacity: 0), models);

        builder.Append(builder);
        builder.Append(builder);

        Assert.Equal([.. models, .. models, .. models, .. models], RecordModel.Read(RecordBatch.Validate(builder.Build().Bytes)));
    }

    [Fact]
    public void What_cannot_be_appended_is_refused_and_leaves_the_builder_as_it_was()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("a"u8, "1"u8, Now);

        Assert.Throws<ArgumentOutOfRangeException>(
            "timestamp", () => builder.Append(default, default, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() + 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            "timestamp", () => builder.Append(default, default, DateTimeOffset.MinValue.ToUnixTimeMilliseconds() - 1));
        Assert.Throws<ArgumentException>("headers", () => builder.Append(default, default, Now + 99, [Header.Text("h", "x"), default]));

        Assert.Equal([RecordModel.Text(Now, "a", "1")], RecordModel.Read(RecordBatch.Validate(builder.Build().Bytes)));
    }

    [Fact]
    public void A_batch_of_more_than_an_array_holds_is_refused_and_leaves_the_builder_as_it_was()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("a"u8, "1"u8, Now);

        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            byte first = 0;
            var huge = MemoryMarshal.CreateReadOnlySpan(ref first, int.MaxValue); // refused for its length, never read
            builder.Append(huge, huge, Now + 99);
        });

        Assert.StartsWith("The batch of 1 records and 70 bytes would pass ", error.Message, StringComparison.Ordinal);
        Assert.Equal([RecordModel.Text(Now, "a", "1")], RecordModel.Read(RecordBatch.Validate(builder.Build().Bytes)));
    }

    [Fact]
    public void What_cannot_be_a_batch_is_not_built()
    {
        var builder = new RecordBatchBuilder();
        Assert.Throws<InvalidOperationException>(() => builder.Build());

        builder.Append("a"u8, "1"u8, Now);
        Assert.Throws<ArgumentOutOfRangeException>("producerId", () => builder.Build(producerId: -2));
        Assert.Throws<ArgumentOutOfRangeException>("producerEpoch", () => builder.Build(producerId: 1, baseSequence: 0));
        Assert.Throws<ArgumentOutOfRangeException>("baseSequence", () => builder.Build(producerId: 1, producerEpoch: 0));
        Assert.Throws<ArgumentOutOfRangeException>("compression", () => builder.Build(compression: (Compression)4));
        Assert.Equal(1, builder.Build().Count);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_header_name_becomes_the_replacement_character()
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, default, Now, [Header.Text("a\uD800", "x")]);

        var read = RecordModel.Read(RecordBatch.Validate(builder.Build().Bytes));

        Assert.Equal("a\uFFFD", read[0].Headers[0].Name);
    }
}
