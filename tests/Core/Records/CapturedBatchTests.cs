using System.Globalization;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>Batches that librdkafka made; Captured/README.md says how.</summary>
public sealed class CapturedBatchTests
{
    [Fact]
    public void Plain_records_are_read() => AssertHolds("plain.bin", Compression.None, [
        RecordModel.Text(1795395843205, null, "first"),
        RecordModel.Text(1795395843205, null, "second"),
        RecordModel.Text(1795395843205, null, "third record, somewhat longer than the others")]);

    [Fact]
    public void Each_record_has_its_own_time() => AssertHolds("times.bin", Compression.None, [
        RecordModel.Text(1795395869925, null, 1.ToString("D1023", CultureInfo.InvariantCulture)),
        RecordModel.Text(1795395869971, null, 2.ToString("D1023", CultureInfo.InvariantCulture)),
        RecordModel.Text(1795395870023, null, 3.ToString("D1023", CultureInfo.InvariantCulture))]);

    [Fact]
    public void Gzip_records_are_read() => AssertHolds("gzip.bin", Compression.Gzip, [
        .. Enumerable.Range(1, 200).Select(page => RecordModel.Text(1795395843514, null, $"GET /index.html?page={page:D3} HTTP/1.1 200"))]);

    [Fact]
    public void Keys_are_read_and_a_record_without_one_has_none() => AssertHolds("keys.bin", Compression.None, [
        RecordModel.Text(1795395843824, "alpha", "1"),
        RecordModel.Text(1795395843824, "beta", "2"),
        RecordModel.Text(1795395843824, null, "no key"),
        RecordModel.Text(1795395843824, "alpha", "3")]);

    [Fact]
    public void Headers_are_read_in_their_order_with_repeats_empty_and_missing_values() => AssertHolds("headers.bin", Compression.None, [
        RecordModel.Text(
            1795395844134, "alpha", "1", ("source", "kcat"), ("größe", "zwölf"), ("empty", ""), ("none", null), ("source", "again")),
        RecordModel.Text(1795395844134, "beta", "2", ("source", "kcat"), ("größe", "zwölf"), ("empty", ""), ("none", null), ("source", "again"))]);

    [Fact]
    public void A_tombstone_has_no_value() => AssertHolds("nulls.bin", Compression.None, [
        RecordModel.Text(1795395844444, "alpha", "1"),
        RecordModel.Text(1795395844444, "beta", null),
        RecordModel.Text(1795395844444, "gamma", "3")]);

    [Fact]
    public void An_idempotent_producers_batches_carry_its_id_epoch_and_sequences()
    {
        AssertHolds("idempotent.bin", Compression.None, producerId: 4711, sequence: 0, records: [
            RecordModel.Text(1795395844753, null, "one"),
            RecordModel.Text(1795395844753, null, "two"),
            RecordModel.Text(1795395844753, null, "three")]);
        AssertHolds("idempotent-second.bin", Compression.None, producerId: 4711, sequence: 2, records: [
            RecordModel.Text(1795395870334, null, "three"),
            RecordModel.Text(1795395870334, null, "four")]);
    }

    [Fact]
    public void All_of_it_at_once_is_read() =>
        AssertHolds("idempotent-gzip.bin", Compression.Gzip, producerId: 4711, sequence: 0, records: [
        RecordModel.Text(1795395845061, "alpha", "1", ("source", "kcat")),
        RecordModel.Text(1795395845061, "beta", "2", ("source", "kcat")),
        RecordModel.Text(1795395845061, "alpha", "3", ("source", "kcat"))]);

    [Theory]
    [InlineData("snappy.bin", "its records are compressed with snappy (2); none (0) and gzip (1) are supported.")]
    [InlineData("lz4.bin", "its records are compressed with lz4 (3); none (0) and gzip (1) are supported.")]
    [InlineData("zstd.bin", "its records are compressed with zstd (4); none (0) and gzip (1) are supported.")]
    public void Other_codecs_are_refused_by_name(string file, string fault)
    {
        var refusal = Assert.Throws<InvalidRecordBatchException>(() => RecordBatch.Validate(Captured.Bytes(file)));

        Assert.Equal($"The record batch was refused: {fault}", refusal.Message);
    }

    [Theory]
    [InlineData("plain.bin")]
    [InlineData("times.bin")]
    [InlineData("keys.bin")]
    [InlineData("headers.bin")]
    [InlineData("nulls.bin")]
    [InlineData("idempotent.bin")]
    [InlineData("idempotent-second.bin")]
    public void The_builder_makes_the_same_bytes_of_the_same_records(string file)
    {
        var captured = Captured.Bytes(file);
        var batch = RecordBatch.Validate(captured);

        var built = RecordModel.Append(new RecordBatchBuilder(), RecordModel.Read(batch)).Build(
            batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence);

        captured.AsSpan(12, 4)
            .Fill(0xFF); // librdkafka writes 0 for the partition leader epoch, the builder -1 for none, as Kafka's Java client
        Assert.Equal(Convert.ToHexString(captured), Convert.ToHexString(built.Bytes.Span));
    }

    private static void AssertHolds(string file, Compression compression, RecordModel[] records, long producerId = -1, int sequence = -1)
    {
        var bytes = Captured.Bytes(file);

        var batch = RecordBatch.Validate(bytes);

        Assert.Equal(compression, batch.Compression);
        Assert.Equal(records, RecordModel.Read(batch));
        Assert.Equal(records.Length, batch.Count);
        Assert.Equal(records.Max(record => record.Timestamp), batch.MaximumTimestamp);
        Assert.Equal(
            (producerId, (short)(producerId < 0 ? -1 : 0), sequence),
            (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence));
        Assert.Equal(bytes.Length, RecordBatch.MeasureFirst(bytes));
    }
}
