namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What retention removes and what it must not.</summary>
public abstract class RetentionContract(StoreFixture fixture) : StoreTest(fixture)
{
    private static readonly TopicName Short = "short";
    private static readonly TopicPartition Short0 = new(Short, 0);

    /// <summary>The time by which age is judged. The clock stands before it, and comes closer with each append.</summary>
    private DateTimeOffset Now { get; } = fixture.Clock.GetUtcNow().AddHours(3);

    [StoreFact]
    public async Task Batches_that_are_too_old_are_removed_from_a_topic_that_nobody_reads()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAgedAsync(minutes: 120, "a", "b");
        await AppendAgedAsync(minutes: 61, "c");
        await AppendAgedAsync(minutes: 60, "d", "e");
        await AppendAgedAsync(minutes: 0, "f");

        Assert.Equal(3, await Log.TrimAsync(Now));

        Assert.Equal((3, 6), await RangeAsync());
        Assert.Equal(["d", "e", "f"], await ReadAllAsync(Short0));
        Assert.Equal(0, await Log.TrimAsync(Now));
    }

    [StoreFact]
    public async Task History_is_kept_for_as_long_as_any_record_from_its_append_on_though_it_was_processed()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        SetClock(minutes: 60);
        await Log.AppendAsync(Short0, Batch.At(Now.AddYears(-5).ToUnixTimeMilliseconds(), "a", "b"));
        await Log.AppendAsync(Short0, Batch.At(0, "c"));
        await Checkpoints.TakeOverAsync(Task0, Short0, 0);
        await Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 3, [], [], 0));

        Assert.Equal(0, await Log.TrimAsync(Now));
        await Fixture.ReopenAsync();
        Assert.Equal(0, await Log.TrimAsync(Now));
        Assert.Equal(3, await Log.TrimAsync(Now.AddMilliseconds(1)));
    }

    [StoreTheory]
    [InlineData(24)]
    [InlineData(24 * 365 * 74)]
    public async Task A_record_dated_ahead_goes_when_its_age_is_over_and_so_do_the_records_after_it(int hours)
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAgedAsync(minutes: 150, "a");
        await Log.AppendAsync(Short0, Batch.At(Now.AddHours(hours).ToUnixTimeMilliseconds(), "ahead"));
        await AppendAgedAsync(minutes: 120, "b");
        await AppendAgedAsync(minutes: 30, "c");

        Assert.Equal(3, await Log.TrimAsync(Now));

        Assert.Equal(["c"], await ReadAllAsync(Short0));
        await Fixture.ReopenAsync();
        Assert.Equal(1, await Log.TrimAsync(Now.AddHours(1)));
    }

    [StoreFact]
    public async Task What_a_commit_or_a_settlement_appends_is_as_old_as_that()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAsync(Orders0, "source");
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        SetClock(minutes: 90);
        await Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 1, [new TopicAppend(Short0, Batch.At(0, "a"))], [], 0));
        SetClock(minutes: 60);
        await Log.SettleAsync(Orders0, [new(0, 1)], [new TopicAppend(Short0, Batch.At(0, "b"))]);

        Assert.Equal(1, await Log.TrimAsync(Now));

        Assert.Equal(["b"], await ReadAllAsync(Short0));
        Assert.Equal(1, await Log.TrimAsync(Now.AddMilliseconds(1)));
    }

    [StoreFact]
    public async Task Batches_beyond_the_bytes_to_keep_are_removed()
    {
        var size = Batch.OfBytes(1000).Bytes.Length;
        await CreateAsync(new() { Partitions = 1, RetentionAge = null, RetentionBytes = (3 * size) + 1 });
        for (var count = 0; count < 10; count++)
        {
            await Log.AppendAsync(Short0, Batch.OfBytes(1000));
        }

        Assert.Equal(7, await Log.TrimAsync(Now));

        Assert.Equal(new PartitionBounds(7, 10, 3 * size, 0), await Log.GetBoundsAsync(Short0));
        await Fixture.ReopenAsync();
        Assert.Equal(new PartitionBounds(7, 10, 3 * size, 0), await Log.GetBoundsAsync(Short0));
        await Log.AppendAsync(Short0, Batch.OfBytes(1000));
        Assert.Equal(1, await Log.TrimAsync(Now));
        Assert.Equal((8, 11), await RangeAsync());
    }

    [StoreFact]
    public async Task What_a_task_has_not_committed_is_never_removed()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1), RetentionBytes = 1 });
        await AppendAgedAsync(minutes: 120, "a", "b");
        await AppendAgedAsync(minutes: 120, "c", "d");
        await AppendAgedAsync(minutes: 120, "e", "f");
        var slow = Task0 with { Pipeline = "slow" };
        await Checkpoints.TakeOverAsync(Task0, Short0, 0);
        await Checkpoints.TakeOverAsync(slow, Short0, 0);
        await Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 6, [], [], 0));

        Assert.Equal(0, await Log.TrimAsync(Now));
        await Checkpoints.CommitAsync(new Commit(slow, 1, 0, 3, [], [], 0));
        Assert.Equal(2, await Log.TrimAsync(Now));
        Assert.Equal(["c", "d", "e", "f"], await ReadAllAsync(Short0));
        await Checkpoints.CommitAsync(new Commit(slow, 1, 3, 6, [], [], 0));
        Assert.Equal(4, await Log.TrimAsync(Now));
        Assert.Equal(new PartitionBounds(6, 6, 0, 0), await Log.GetBoundsAsync(Short0));
    }

    [StoreFact]
    public async Task A_topic_that_discards_unread_records_counts_them_and_its_task_goes_on_at_the_start()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1), DiscardUnread = true });
        await AppendAgedAsync(minutes: 120, "a", "b");
        await AppendAgedAsync(minutes: 120, "c", "d");
        await AppendAgedAsync(minutes: 0, "e");
        await Checkpoints.TakeOverAsync(Task0, Short0, 0);
        await Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 1, [], [], 0));

        Assert.Equal(4, await Log.TrimAsync(Now));

        Assert.Equal(3, (await Log.GetBoundsAsync(Short0)).Discarded);
        var outOfRange = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => Log.ReadAsync(Short0, 1, 1, TimeSpan.Zero).AsTask());
        Assert.Equal(4, outOfRange.Start);
        Assert.Equal(4, (await Checkpoints.TakeOverAsync(Task0, Short0, 0)).NextOffset);
        await Checkpoints.CommitAsync(new Commit(Task0, 2, 4, 5, [], [], 0));
        await Fixture.ReopenAsync();
        Assert.Equal(3, (await Log.GetBoundsAsync(Short0)).Discarded);
    }

    [StoreFact]
    public async Task An_emptied_partition_goes_on_where_it_ended_over_a_restart()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAgedAsync(minutes: 120, "a", "b");
        await Log.TrimAsync(Now);
        Assert.Equal(new PartitionBounds(2, 2, 0, 0), await Log.GetBoundsAsync(Short0));

        await Fixture.ReopenAsync();

        Assert.Equal(new PartitionBounds(2, 2, 0, 0), await Log.GetBoundsAsync(Short0));
        SetClock(minutes: 0);
        var batch = Batch.At(Now.ToUnixTimeMilliseconds(), "c");
        Assert.Equal(new AppendResult(2, 3, false), await Log.AppendAsync(Short0, batch));
        Assert.Equal(new PartitionBounds(2, 3, batch.Bytes.Length, 0), await Log.GetBoundsAsync(Short0));
        Assert.Equal(0, await Log.TrimAsync(Now));
    }

    [StoreFact]
    public async Task A_topic_without_retention_keeps_everything()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = null });
        await AppendAgedAsync(minutes: 120, "a");

        Assert.Equal(0, await Log.TrimAsync(Now.AddYears(100)));
    }

    [StoreFact]
    public async Task A_changed_retention_applies_to_what_is_there_already()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = null });
        await AppendAgedAsync(minutes: 120, "a", "b");
        await AppendAgedAsync(minutes: 10, "c");
        await Checkpoints.TakeOverAsync(Task0, Short0, 0);
        Assert.Equal(0, await Log.TrimAsync(Now));

        await Log.UpdateTopicAsync(Short, new TopicChange { RetentionAge = TimeSpan.FromHours(1) });
        Assert.Equal(0, await Log.TrimAsync(Now));
        await Log.UpdateTopicAsync(Short, new TopicChange { DiscardUnread = true });
        Assert.Equal(2, await Log.TrimAsync(Now));
        Assert.Equal(2, (await Log.GetBoundsAsync(Short0)).Discarded);
        await Log.UpdateTopicAsync(Short, new TopicChange { RetentionAge = null, RetentionBytes = 1 });
        Assert.Equal(1, await Log.TrimAsync(Now));
    }

    [StoreFact]
    public async Task Removing_much_leaves_exactly_what_is_to_be_kept_while_appends_and_commits_go_on()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        SetClock(minutes: 120);
        for (var count = 0; count < 60; count++)
        {
            await Log.AppendAsync(Short0, Batch.OfBytes(500_000));
        }

        SetClock(minutes: 0);
        var trim = Log.TrimAsync(Now).AsTask();
        var appends = Enumerable.Range(0, 20)
            .Select(index => Log.AppendAsync(Short0, Batch.At(Now.ToUnixTimeMilliseconds(), $"{index}")).AsTask())
            .ToList();

        Assert.Equal(60, await trim.WaitAsync(Hang));
        await Task.WhenAll(appends).WaitAsync(Hang);
        Assert.Equal((60, 80), await RangeAsync());
        Assert.Equal(20, (await ReadAllAsync(Short0)).Count);
    }

    [StoreFact]
    public async Task A_look_up_by_time_skips_what_was_removed()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAgedAsync(minutes: 120, "a");
        await AppendAgedAsync(minutes: 30, "b");
        await AppendAgedAsync(minutes: 10, "c");
        await Log.TrimAsync(Now);

        Assert.Equal(1, await Log.FindOffsetAsync(Short0, Now.AddHours(-5)));
        Assert.Equal(2, await Log.FindOffsetAsync(Short0, Now.AddMinutes(-20)));
    }

    [StoreFact]
    public async Task A_look_up_by_time_goes_by_the_records_that_are_kept()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAgedAsync(minutes: 120, "newest");
        SetClock(minutes: 10);
        foreach (var hour in new[] { 9, 8, 7, 6, 7, 5 })
        {
            await Log.AppendAsync(Short0, Batch.At(Now.AddHours(-hour).ToUnixTimeMilliseconds(), $"{hour}"));
        }

        Assert.Equal(1, await Log.TrimAsync(Now));

        Assert.Equal(1, await Log.FindOffsetAsync(Short0, Now.AddHours(-9)));
        Assert.Equal(3, await Log.FindOffsetAsync(Short0, Now.AddHours(-7)));
        Assert.Equal(4, await Log.FindOffsetAsync(Short0, Now.AddHours(-6)));
        Assert.Equal(6, await Log.FindOffsetAsync(Short0, Now.AddHours(-5)));
        Assert.Equal(7, await Log.FindOffsetAsync(Short0, Now.AddHours(-4)));
        await Fixture.ReopenAsync();
        Assert.Equal(3, await Log.FindOffsetAsync(Short0, Now.AddHours(-7)));
        Assert.Equal(7, await Log.FindOffsetAsync(Short0, Now.AddHours(-4)));
    }

    [StoreFact]
    public async Task A_read_that_waits_at_the_end_waits_on_when_everything_before_it_is_removed()
    {
        await CreateAsync(new() { Partitions = 2, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAgedAsync(minutes: 120, "a", "b");
        var one = Log.ReadAsync(Short0, 2, 1 << 20, Timeout.InfiniteTimeSpan).AsTask();
        var any = Log.ReadAnyAsync(Short, [new(0, 2), new(1, 0)], 1 << 20, Timeout.InfiniteTimeSpan).AsTask();

        Assert.Equal(2, await Log.TrimAsync(Now));
        Assert.Equal(0, await Log.TrimAsync(Now));
        await Log.UpdateTopicAsync(Short, new TopicChange { LagLimit = 7 });
        var other = Log.ReadAsync(Short0, 2, 1 << 20, TimeSpan.Zero);
        Assert.Empty(await other);
        Assert.False(one.IsCompleted);
        Assert.False(any.IsCompleted);

        await Log.AppendAsync(Short0, Batch.Of("c"));
        Assert.Equal(["c"], Batch.Values((await one.WaitAsync(Hang)).Single()));
        Assert.Equal(["c"], Batch.Values((await any.WaitAsync(Hang)).Single().Batches.Single()));
    }

    [StoreFact]
    public async Task A_read_that_waits_while_retention_removes_records_ends_when_its_own_time_is_over()
    {
        await CreateAsync(new() { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAgedAsync(minutes: 120, "a");
        var reading = Log.ReadAsync(Short0, 1, 1 << 20, TimeSpan.FromSeconds(10)).AsTask();
        Fixture.Clock.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(1, await Log.TrimAsync(Now));

        await Log.ReadAsync(Short0, 1, 1 << 20, TimeSpan.Zero);
        Assert.False(reading.IsCompleted);
        Fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await reading.WaitAsync(Hang));
    }

    private async Task CreateAsync(TopicSettings settings) => await Log.CreateTopicAsync(Short, settings);

    private void SetClock(int minutes) => Fixture.Clock.SetUtcNow(Now.AddMinutes(-minutes));

    private async Task AppendAgedAsync(int minutes, params string[] values)
    {
        SetClock(minutes);
        await Log.AppendAsync(Short0, Batch.At(Now.AddMinutes(-minutes).ToUnixTimeMilliseconds(), values));
    }

    private async Task<(long Start, long End)> RangeAsync()
    {
        var bounds = await Log.GetBoundsAsync(Short0);
        return (bounds.Start, bounds.End);
    }
}
