using FsCheck.Fluent;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>What holds for any records.</summary>
public sealed class RecordBatchPropertyTests
{
    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Gzip)]
    public void Any_records_come_back_as_they_went_in(Compression compression) =>
        Property.Holds(800, RecordGenerators.Records, WithoutSome, models =>
    {
        var built = RecordModel.Append(new RecordBatchBuilder(), models).Build(3, 2, 1, compression);

        var batch = RecordBatch.Validate(built.Bytes);

        Assert.Equal(models, RecordModel.Read(batch));
        Assert.Equal((models.Length, models.Length - 1, compression), (batch.Count, batch.LastOffsetDelta, batch.Compression));
        Assert.Equal((models[0].Timestamp, models.Max(model => model.Timestamp)), (batch.BaseTimestamp, batch.MaximumTimestamp));
        Assert.Equal((3L, (short)2, 1), (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence));
    });

    [Fact]
    public void Appending_builders_gives_the_bytes_of_appending_their_records_one_by_one()
    {
        var chunks = from count in Gen.Choose(1, 4) from arrays in Gen.ArrayOf(RecordGenerators.Records, count) select arrays;
        Property.Holds(800, chunks, Property.Without, parts =>
        {
            var (whole, oneByOne) = (new RecordBatchBuilder(), new RecordBatchBuilder());
            foreach (var part in parts)
            {
                whole.Append(RecordModel.Append(new RecordBatchBuilder(), part));
                RecordModel.Append(oneByOne, part);
            }

            AssertSame(oneByOne, whole);
        });
    }

    [Fact]
    public void Rolling_back_gives_the_bytes_of_never_having_appended()
    {
        var attempts = Gen.ArrayOf(RecordGenerators.Records.Zip(Gen.Elements(true, false)), 5);
        Property.Holds(800, attempts, Property.Without, tries =>
        {
            var (builder, kept) = (new RecordBatchBuilder(), new RecordBatchBuilder());
            foreach (var (models, keep) in tries)
            {
                var mark = builder.SetMark();
                RecordModel.Append(builder, models);
                if (keep)
                {
                    RecordModel.Append(kept, models);
                }
                else
                {
                    builder.RollBack(mark);
                }
            }

            AssertSame(kept, builder);
        });
    }

    [Fact]
    public void Skipping_records_comes_to_the_same_record_as_walking() =>
        Property.Holds(500, RecordGenerators.Records.Zip(RecordGenerators.Randomness), _ => [], given =>
        {
            var (models, random) = given;
            var batch = RecordBatch.Trust(RecordModel.Append(new RecordBatchBuilder(), models).Build().Bytes.ToArray(), 1_000);
            var skipped = random.Next(models.Length);

            var records = batch.GetEnumerator();
            records.Skip(skipped);

            Assert.True(records.MoveNext());
            Assert.Equal((1_000 + skipped, models[skipped].Timestamp), (records.Current.Offset, records.Current.Timestamp));
            records.Skip(models.Length - skipped - 1);
            Assert.False(records.MoveNext());
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void More_records_than_are_left_are_not_skipped(int count) => Assert.Throws<ArgumentOutOfRangeException>(nameof(count), () =>
    {
        var records = RecordBatch.Validate(Captured.Bytes("plain.bin")).GetEnumerator();
        records.Skip(count);
    });

    [Fact]
    public void Any_number_takes_as_many_bytes_as_measured_and_comes_back() =>
        Property.Holds(20_000, RecordGenerators.Randomness.Select(random => random.NextInt64() >> random.Next(64)), number => number == 0 ? [] : [number / 2], number =>
        {
            foreach (var value in (long[])[number, -number, ~number, long.MaxValue, long.MinValue, 0, int.MaxValue, int.MinValue])
            {
                var bytes = new byte[Varint.MaximumBytes64];
                var (written, read, tried, tried32) = (0, 0, 0, 0);
                Varint.Write(bytes, ref written, value);
                var whole = bytes.AsSpan(0, written);

                Assert.Equal(HandMadeBatch.Varint(value), whole.ToArray());
                Assert.Equal((written, value), (Varint.Size(value), Varint.Read(whole, ref read)));
                Assert.True(Varint.TryRead64(whole, ref tried, out var again));
                Assert.Equal((value, written, written), (again, read, tried));
                Assert.Equal(
                    value is >= int.MinValue and <= int.MaxValue, Varint.TryRead32(whole, ref tried32, out var small) && small == value);
                tried = 0;
                Assert.False(Varint.TryRead64(whole[..^1], ref tried, out _));
            }
        });

    private static void AssertSame(RecordBatchBuilder expected, RecordBatchBuilder actual)
    {
        Assert.Equal((expected.Count, expected.Bytes), (actual.Count, actual.Bytes));
        if (expected.Count > 0)
        {
            Assert.Equal(expected.Build().Bytes.ToArray(), RecordBatch.Validate(actual.Build().Bytes).Bytes.ToArray());
        }
    }

    private static IEnumerable<RecordModel[]> WithoutSome(RecordModel[] models) =>
        Property.Without(models).Where(fewer => fewer.Length > 0);
}
