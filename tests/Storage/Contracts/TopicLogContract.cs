namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for appending to and reading from any topic log.</summary>
public abstract partial class TopicLogContract(StoreFixture fixture) : StoreTest(fixture)
{
    [StoreFact]
    public async Task Records_are_read_in_the_order_of_their_offsets()
    {
        Assert.Equal(new AppendResult(0, 2, false), await AppendAsync(Orders0, "a", "b"));
        Assert.Equal(new AppendResult(2, 3, false), await AppendAsync(Orders0, "c"));
        Assert.Equal(new AppendResult(0, 1, false), await AppendAsync(Orders1, "x"));

        Assert.Equal(["a", "b", "c"], await ReadAllAsync(Orders0));
        Assert.Equal(["x"], await ReadAllAsync(Orders1));
    }

    [StoreFact]
    public async Task A_read_from_within_a_batch_begins_with_that_batch()
    {
        await AppendAsync(Orders0, "a");
        await AppendAsync(Orders0, "b", "c", "d");
        await AppendAsync(Orders0, "e");

        for (var offset = 1; offset <= 3; offset++)
        {
            var batches = await Log.ReadAsync(Orders0, offset, 1 << 20, TimeSpan.Zero);
            Assert.Equal([1L, 4L], batches.Select(batch => batch.BaseOffset));
        }
    }

    [StoreFact]
    public async Task A_read_stops_before_it_passes_its_bytes_but_gives_one_batch_at_least()
    {
        var size = Batch.OfBytes(1000).Bytes.Length;
        for (var count = 0; count < 5; count++)
        {
            await Log.AppendAsync(Orders0, Batch.OfBytes(1000));
        }

        Assert.Single(await Log.ReadAsync(Orders0, 0, 1, TimeSpan.Zero));
        Assert.Single(await Log.ReadAsync(Orders0, 0, (2 * size) - 1, TimeSpan.Zero));
        Assert.Equal(2, (await Log.ReadAsync(Orders0, 0, 2 * size, TimeSpan.Zero)).Count);
        Assert.Equal(5, (await Log.ReadAsync(Orders0, 0, int.MaxValue, TimeSpan.Zero)).Count);
    }

    [StoreTheory]
    [InlineData(1)]
    [InlineData(4_000)]
    [InlineData(32_700)]
    [InlineData(32_768)]
    [InlineData(1_000_000)]
    [InlineData(8_000_000)]
    public async Task A_batch_of_any_size_comes_back_byte_for_byte(int bytes)
    {
        var batch = Batch.OfBytes(bytes);
        await AppendAsync(Orders0, "before");
        await Log.AppendAsync(Orders0, batch);
        await AppendAsync(Orders0, "after");

        var read = (await Log.ReadAsync(Orders0, 1, 1, TimeSpan.Zero)).Single();
        Assert.Equal(1, read.BaseOffset);
        Assert.True(batch.Bytes.Span[sizeof(long)..].SequenceEqual(read.Bytes.Span[sizeof(long)..]));
    }

    [StoreFact]
    public async Task An_appended_batch_keeps_the_bytes_that_it_was_handed_in_with()
    {
        await AppendAsync(Orders0, "a");
        var batch = Batch.Of("b");
        var before = batch.Bytes.ToArray();

        await Log.AppendAsync(Orders0, batch);

        Assert.Equal(before, batch.Bytes.ToArray());
    }

    [StoreFact]
    public async Task A_read_at_the_end_gives_nothing_at_once()
    {
        Assert.Empty(await Log.ReadAsync(Orders0, 0, 1, TimeSpan.Zero));
        await AppendAsync(Orders0, "a");
        Assert.Empty(await Log.ReadAsync(Orders0, 1, 1, TimeSpan.Zero));
    }

    [StoreFact]
    public async Task Every_waiting_reader_wakes_on_an_append_to_its_partition()
    {
        var readers = Enumerable.Range(0, 100)
            .Select(_ => Log.ReadAsync(Orders0, 0, 1 << 20, Timeout.InfiniteTimeSpan).AsTask()).ToList();
        var other = Log.ReadAsync(Orders1, 0, 1 << 20, Timeout.InfiniteTimeSpan).AsTask();
        Assert.DoesNotContain(readers, reader => reader.IsCompleted);

        await AppendAsync(Orders0, "a");

        foreach (var batches in await Task.WhenAll(readers).WaitAsync(Hang))
        {
            Assert.Equal(["a"], Batch.Values(batches.Single()));
        }

        Assert.False(other.IsCompleted);
        await AppendAsync(Orders1, "x");
        Assert.Single(await other.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task A_waiting_reader_gives_up_when_its_time_is_over()
    {
        var reader = Log.ReadAsync(Orders0, 0, 1, TimeSpan.FromSeconds(10)).AsTask();
        Fixture.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reader.IsCompleted);

        Fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(await reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task A_waiting_reader_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var reader = Log.ReadAsync(Orders0, 0, 1, Timeout.InfiniteTimeSpan, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task A_read_outside_the_partition_is_refused_with_its_bounds()
    {
        await AppendAsync(Orders0, "a", "b");

        var above = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => Log.ReadAsync(Orders0, 3, 1, TimeSpan.Zero).AsTask());
        var below = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => Log.ReadAsync(Orders0, -1, 1, TimeSpan.Zero).AsTask());

        Assert.Equal((0, 2), (above.Start, above.End));
        Assert.Equal((0, 2), (below.Start, below.End));
    }

    [StoreFact]
    public async Task Unknown_topics_and_partitions_are_refused_everywhere()
    {
        var topic = new TopicPartition("nothing", 0);
        var partition = new TopicPartition(Orders, 2);

        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.AppendAsync(topic, Batch.Of("a")).AsTask());
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.ReadAsync(topic, 0, 1, TimeSpan.Zero).AsTask());
        await Assert.ThrowsAsync<UnknownTopicException>(async () => await Log.GetBoundsAsync(topic));
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.FindOffsetAsync(topic, default).AsTask());
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.DeleteTopicAsync(topic.Topic).AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Log.AppendAsync(partition, Batch.Of("a")).AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Log.ReadAsync(partition, 0, 1, TimeSpan.Zero).AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(async () => await Log.GetBoundsAsync(partition));
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Log.FindOffsetAsync(partition, default).AsTask());
    }

    [StoreFact]
    public async Task Appenders_to_one_partition_get_contiguous_offsets_and_keep_their_batches_whole()
    {
        var appenders = Enumerable.Range(0, 8).Select(appender => Task.Run(async () =>
        {
            var results = new List<AppendResult>();
            for (var count = 0; count < 50; count++)
            {
                results.Add(await AppendAsync(
                    Orders0,
                    [.. Enumerable.Range(0, 1 + (count % 4)).Select(index => $"{appender}/{count}/{index}")]));
            }

            return results;
        }));
        var results = (await Task.WhenAll(appenders).WaitAsync(Hang))
            .SelectMany(each => each)
            .OrderBy(result => result.BaseOffset)
            .ToList();

        var next = 0L;
        foreach (var result in results)
        {
            Assert.Equal(next, result.BaseOffset);
            next = result.NextOffset;
            var batch = (await Log.ReadAsync(Orders0, result.BaseOffset, 1, TimeSpan.Zero)).Single();
            Assert.Equal(result.NextOffset, batch.NextOffset);
            Assert.Single(Batch.Values(batch).Select(value => value[..value.LastIndexOf('/')]).Distinct());
        }

        Assert.Equal(next, (await Log.GetBoundsAsync(Orders0)).End);
    }

    [StoreFact]
    public async Task A_reader_beside_an_appender_misses_nothing()
    {
        const int Count = 300;
        var reader = Task.Run(async () =>
        {
            var values = new List<string>();
            while (values.Count < Count)
            {
                foreach (var batch in await Log.ReadAsync(Orders0, values.Count, 2000, Timeout.InfiniteTimeSpan))
                {
                    values.AddRange(Batch.Values(batch));
                }
            }

            return values;
        });
        var expected = Enumerable.Range(0, Count).Select(index => index.ToString()).ToList();

        foreach (var value in expected)
        {
            await AppendAsync(Orders0, value);
        }

        Assert.Equal(expected, await reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task Everything_is_there_after_a_restart()
    {
        await AppendAsync(Orders0, "a", "b");
        await Log.AppendAsync(Orders0, Batch.At(7000, "c"));
        await AppendAsync(Orders1, "x");
        var bounds = await Log.GetBoundsAsync(Orders0);

        await Fixture.ReopenAsync();

        Assert.Equal(bounds, await Log.GetBoundsAsync(Orders0));
        Assert.Equal(["a", "b", "c"], await ReadAllAsync(Orders0));
        Assert.Equal(2, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(5000)));
        Assert.Equal(3, (await AppendAsync(Orders0, "d")).BaseOffset);
        Assert.Equal(["a", "b", "c", "d"], await ReadAllAsync(Orders0));
        Assert.Equal(["x"], await ReadAllAsync(Orders1));
    }

    [StoreFact]
    public async Task Bounds_count_the_bytes_of_the_batches()
    {
        Assert.Equal(new PartitionBounds(0, 0, 0, 0), await Log.GetBoundsAsync(Orders0));
        var (first, second) = (Batch.OfBytes(100), Batch.OfBytes(50_000));

        await Log.AppendAsync(Orders0, first);
        await Log.AppendAsync(Orders0, second);

        Assert.Equal(new PartitionBounds(0, 2, first.Bytes.Length + second.Bytes.Length, 0), await Log.GetBoundsAsync(Orders0));
    }

    [StoreFact]
    public async Task Bounds_of_a_topic_are_those_of_its_partitions_in_their_order()
    {
        await Log.AppendAsync(Orders0, Batch.Of("a", "b"));
        await Log.AppendAsync(Orders1, Batch.Of("c"));

        Assert.Equal(
            [await Log.GetBoundsAsync(Orders0), await Log.GetBoundsAsync(Orders1)], (await Log.GetTopicBoundsAsync(Orders)).Take(2));
        Assert.Equal((await Log.FindTopicAsync(Orders))!.Settings.Partitions, (await Log.GetTopicBoundsAsync(Orders)).Count);
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.GetTopicBoundsAsync("nothing").AsTask());
    }
}
