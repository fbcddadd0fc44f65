namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for reading several partitions of any topic log at once.</summary>
public abstract class SeveralPartitionsContract(StoreFixture fixture) : StoreTest(fixture)
{
    [StoreFact]
    public async Task Each_partition_is_read_from_its_own_offset()
    {
        await AppendAsync(Orders0, "a");
        await AppendAsync(Orders0, "b", "c");
        await AppendAsync(Orders1, "x");

        var reads = await ReadAsync(1 << 20, TimeSpan.Zero, new(0, 1), new(1, 0));

        Assert.Equal(["b", "c"], Batch.Values(Of(reads, 0).Batches.Single()));
        Assert.Equal(["x"], Batch.Values(Of(reads, 1).Batches.Single()));
    }

    [StoreFact]
    public async Task A_partition_at_its_end_is_left_out_and_holds_nobody_up()
    {
        await AppendAsync(Orders1, "x");

        var read = Assert.Single(await ReadAsync(1 << 20, Timeout.InfiniteTimeSpan, new(0, 0), new(1, 0)));

        Assert.Equal(1, read.Partition);
    }

    [StoreFact]
    public async Task Nothing_is_given_at_once_when_every_partition_is_at_its_end() =>
        Assert.Empty(await ReadAsync(1, TimeSpan.Zero, new(0, 0), new(1, 0)));

    [StoreTheory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_append_to_any_partition_wakes_the_reader(int partition)
    {
        var reader = ReadAsync(1 << 20, Timeout.InfiniteTimeSpan, new(0, 0), new(1, 0)).AsTask();

        await AppendAsync(new(Orders, partition), "a");

        var read = Assert.Single(await reader.WaitAsync(Hang));
        Assert.Equal(partition, read.Partition);
        Assert.Equal(["a"], Batch.Values(read.Batches.Single()));
    }

    [StoreFact]
    public async Task A_waiting_reader_gives_up_when_its_time_is_over()
    {
        var reader = ReadAsync(1, TimeSpan.FromSeconds(10), new(0, 0), new(1, 0)).AsTask();
        Fixture.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reader.IsCompleted);

        Fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(await reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task A_waiting_reader_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var reader = Log.ReadAnyAsync(Orders, [new(0, 0), new(1, 0)], 1, Timeout.InfiniteTimeSpan, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task A_waiting_reader_is_told_that_its_topic_is_gone()
    {
        var reader = ReadAsync(1, Timeout.InfiniteTimeSpan, new(0, 0), new(1, 0)).AsTask();

        await Log.DeleteTopicAsync(Orders);

        await Assert.ThrowsAsync<UnknownTopicException>(() => reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task The_bytes_are_shared_over_the_partitions_and_never_passed()
    {
        var size = Batch.OfBytes(1000).Bytes.Length;
        for (var count = 0; count < 10; count++)
        {
            await Log.AppendAsync(Orders0, Batch.OfBytes(1000));
            await Log.AppendAsync(Orders1, Batch.OfBytes(1000));
        }

        var shared = await ReadAsync(6 * size, TimeSpan.Zero, new(0, 0), new(1, 0));
        var unevenly = await ReadAsync(6 * size, TimeSpan.Zero, new(0, 9), new(1, 0));

        Assert.Equal([3, 3], shared.Select(read => read.Batches.Count));
        Assert.InRange(unevenly.Sum(read => read.Batches.Count), 4, 6);
        Assert.Single(await ReadAsync(1, TimeSpan.Zero, new(0, 0), new(1, 0)));
    }

    [StoreFact]
    public async Task A_partition_that_always_has_records_starves_none()
    {
        for (var count = 0; count < 40; count++)
        {
            await AppendAsync(Orders0, "a");
            await AppendAsync(Orders1, "x");
        }

        long[] offsets = [0, 0];
        for (var reads = 0; reads < 40; reads++)
        {
            var read = Assert.Single(await ReadAsync(1, TimeSpan.Zero, new(0, offsets[0]), new(1, offsets[1])));
            offsets[read.Partition] = read.Batches.Single().NextOffset;
        }

        Assert.All(offsets, offset => Assert.InRange(offset, 15, 25));
    }

    [StoreFact]
    public async Task A_reader_beside_appenders_misses_nothing_and_sees_nothing_twice()
    {
        const int Count = 150;
        var reader = Task.Run(async () =>
        {
            List<string>[] values = [[], []];
            while (values.Sum(each => each.Count) < 2 * Count)
            {
                foreach (var (partition, batches) in await ReadAsync(
                    2000,
                    Timeout.InfiniteTimeSpan,
                    new(0, values[0].Count),
                    new(1, values[1].Count)))
                {
                    Assert.Equal(values[partition].Count, batches[0].BaseOffset);
                    values[partition].AddRange(batches.SelectMany(Batch.Values));
                }
            }

            return values;
        });
        var expected = Enumerable.Range(0, Count).Select(index => index.ToString()).ToList();

        await Task.WhenAll(new[] { Orders0, Orders1 }.Select(partition => Task.Run(async () =>
        {
            foreach (var value in expected)
            {
                await AppendAsync(partition, value);
            }
        })));

        var read = await reader.WaitAsync(Hang);
        Assert.Equal(expected, read[0]);
        Assert.Equal(expected, read[1]);
    }

    [StoreFact]
    public async Task A_position_that_is_not_there_is_refused_with_its_partition_though_others_have_records()
    {
        await AppendAsync(Orders0, "a", "b");

        var above = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => ReadAsync(1, TimeSpan.Zero, new(0, 0), new(1, 1)).AsTask());
        var below = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => ReadAsync(1, TimeSpan.Zero, new(1, 0), new(0, -1)).AsTask());
        var unknown = await Assert.ThrowsAsync<UnknownPartitionException>(() => ReadAsync(1, TimeSpan.Zero, new(0, 0), new(2, 0)).AsTask());
        var negative =
            await Assert.ThrowsAsync<UnknownPartitionException>(() => ReadAsync(1, TimeSpan.Zero, new(0, 0), new(-1, 0)).AsTask());

        Assert.Equal((Orders1, 1L, 0L, 0L), (above.Partition, above.Offset, above.Start, above.End));
        Assert.Equal((Orders0, -1L, 0L, 2L), (below.Partition, below.Offset, below.Start, below.End));
        Assert.Equal(new(Orders, 2), unknown.Partition);
        Assert.Equal(new(Orders, -1), negative.Partition);
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.ReadAnyAsync("nothing", [new(0, 0)], 1, TimeSpan.Zero).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(1, TimeSpan.Zero).AsTask());
    }

    private ValueTask<IReadOnlyList<PartitionRead>> ReadAsync(int maximumBytes, TimeSpan wait, params PartitionOffset[] positions) =>
        Log.ReadAnyAsync(Orders, positions, maximumBytes, wait);

    private static PartitionRead Of(IReadOnlyList<PartitionRead> reads, int partition) =>
        Assert.Single(reads, read => read.Partition == partition);
}
