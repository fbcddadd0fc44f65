namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>Walking, validating and appending records takes no memory for each of them.</summary>
public sealed class RecordAllocationTests
{
    private const int Count = 10_000;

    private static ReadOnlySpan<byte> Value =>
        "a value of a hundred bytes, so that a record has the size that this project's figures are about"u8;

    [Fact]
    public void Walking_records_allocates_nothing()
    {
        var batch = Fill(new RecordBatchBuilder()).Build();

        var bytes = 0L;
        AssertAllocatesNothing(() =>
        {
            foreach (var record in batch)
            {
                bytes += record.Key.Length + record.ValueSpan.Length + record.ReadHeaders().Count;
            }
        });

        Assert.Equal(0, bytes % (Count * ("key".Length + Value.Length)));
    }

    [Fact]
    public void Skipping_records_allocates_nothing()
    {
        var batch = Fill(new RecordBatchBuilder()).Build();

        AssertAllocatesNothing(() =>
        {
            var records = batch.GetEnumerator();
            records.Skip(Count - 1);
            Assert.True(records.MoveNext());
        });
    }

    [Fact]
    public void Validating_records_allocates_nothing()
    {
        var bytes = Fill(new RecordBatchBuilder()).Build().Bytes;

        AssertAllocatesNothing(() => RecordBatch.Validate(bytes));
    }

    [Fact]
    public void Appending_to_a_builder_that_has_the_room_allocates_nothing()
    {
        var builder = Fill(new RecordBatchBuilder());
        var other = Fill(new RecordBatchBuilder());
        builder.Append(other);

        AssertAllocatesNothing(() =>
        {
            builder.Reset();
            Fill(builder);
            var mark = builder.SetMark();
            builder.Append("key"u8, "value"u8, 0);
            builder.RollBack(mark);
            builder.Append(other);
        });
    }

    private static RecordBatchBuilder Fill(RecordBatchBuilder builder)
    {
        for (var index = 0; index < Count; index++)
        {
            builder.Append("key"u8, Value, index);
        }

        return builder;
    }

    /// <summary>
    /// What allocates does so on every run. A garbage collection that another thread starts adds the rest of this thread's
    /// allocation buffer to one run's figure, so the smallest of several counts.
    /// </summary>
    private static void AssertAllocatesNothing(Action action)
    {
        action();
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }
}
