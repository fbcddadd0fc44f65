namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for taking tasks over and committing them.</summary>
public abstract class CheckpointStoreContract(StoreFixture fixture) : StoreTest(fixture)
{
    private static readonly TopicName Output = "output";
    private static readonly TopicPartition Output0 = new(Output, 0);

    [StoreFact]
    public async Task Every_take_over_raises_the_epoch_and_goes_on_from_the_committed_offset()
    {
        await FillAsync(10);
        var first = await Checkpoints.TakeOverAsync(Task0, Orders0, 2);
        var now = Fixture.Clock.GetUtcNow();
        Assert.Equal(new Checkpoint(Task0, Orders0, 1, 2, 0, now) { DefinedAt = now }, first);

        Fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await CommitAsync(1, 2, 5, deadLetters: 1);
        var committedAt = Fixture.Clock.GetUtcNow();
        Fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await Fixture.ReopenAsync();

        Assert.Equal(
            new Checkpoint(Task0, Orders0, 2, 5, 1, committedAt) { DefinedAt = Fixture.Clock.GetUtcNow() },
            await Checkpoints.TakeOverAsync(Task0, Orders0, 0));
        await CommitAsync(2, 5, 6, deadLetters: 2);
        Assert.Equal(3, (await Checkpoints.ListAsync()).Single().DeadLetters);
    }

    [StoreTheory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(99, 3)]
    public async Task A_task_starts_within_its_partition(long asked, long given)
    {
        await FillAsync(3);
        Assert.Equal(given, (await Checkpoints.TakeOverAsync(Task0, Orders0, asked)).NextOffset);
    }

    [StoreFact]
    public async Task A_take_over_of_an_unknown_or_another_source_is_refused()
    {
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);

        await Assert.ThrowsAsync<UnknownTopicException>(() => Checkpoints.TakeOverAsync(Task0, new("nothing", 0), 0).AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Checkpoints.TakeOverAsync(Task0, new(Orders, 9), 0).AsTask());
        await Assert.ThrowsAsync<TaskSourceChangedException>(() => Checkpoints.TakeOverAsync(Task0, Output0, 0).AsTask());
        Assert.Equal(1, (await Checkpoints.ListAsync()).Single().Epoch);
    }

    [StoreFact]
    public async Task A_stage_does_not_take_over_a_position_in_something_outside()
    {
        var position = await Checkpoints.TakeOverPositionAsync(Task0);

        var refused = await Assert.ThrowsAsync<TaskSourceChangedException>(() => Checkpoints.TakeOverAsync(Task0, Orders0, 0).AsTask());

        Assert.StartsWith(
            $"Task '{Task0}' keeps a position in something outside, but its stage now reads '{Orders}'.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(position with { Epoch = 2 }, await Checkpoints.TakeOverPositionAsync(Task0));
    }

    [StoreFact]
    public async Task A_position_in_something_outside_moves_with_its_appends_under_the_newest_epoch_only()
    {
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });
        var stream = new TaskId("output", "events/temperatures/kitchen", 0);
        var older = await Checkpoints.TakeOverPositionAsync(stream);
        Assert.Equal(new Position(stream, 1, 0), older);
        await MoveAsync(older, long.MaxValue - 1);

        await Fixture.ReopenAsync();
        var newer = await Checkpoints.TakeOverPositionAsync(stream);
        Assert.Equal(new Position(stream, 2, long.MaxValue - 1), newer);
        await Assert.ThrowsAsync<TaskFencedException>(() => MoveAsync(older with { Next = newer.Next }, long.MaxValue));
        await MoveAsync(newer, long.MaxValue);
        await MoveAsync(newer, long.MaxValue);

        Assert.Equal(2, (await Log.GetBoundsAsync(Output0)).End);
        Assert.Empty(await Checkpoints.ListAsync());
        await Assert.ThrowsAsync<UnknownTaskException>(() => Checkpoints.SeekAsync(stream, 0).AsTask());
        Task MoveAsync(Position position, long next) => Checkpoints.CommitAsync(
            new Commit(stream, position.Epoch, position.Next, next, [new TopicAppend(Output0, Batch.Of("21"))], [], 0)).AsTask();
    }

    [StoreFact]
    public async Task A_commit_appends_its_batches_and_wakes_their_readers()
    {
        await FillAsync(3);
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        var reader = Log.ReadAsync(Output0, 0, 1 << 20, Timeout.InfiniteTimeSpan).AsTask();

        await Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 3, [new(Output0, Batch.Of("a", "b")), new(Output0, Batch.Of("c"))], [], 0));

        var batches = await reader.WaitAsync(Hang);
        Assert.Equal([0L, 2L], batches.Select(batch => batch.BaseOffset));
        Assert.Equal(["a", "b", "c"], batches.SelectMany(Batch.Values));
    }

    [StoreFact]
    public async Task A_repeated_commit_succeeds_and_changes_nothing()
    {
        await FillAsync(3);
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        var commit = new Commit(Task0, 1, 0, 3, [new(Output0, Batch.Of("a"))], [], 1);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Checkpoints.CommitAsync(commit).AsTask())).WaitAsync(Hang);
        await Fixture.ReopenAsync();
        await Checkpoints.CommitAsync(commit);

        Assert.Equal(["a"], await ReadAllAsync(Output0));
        Assert.Equal((3, 1), ((await Checkpoints.ListAsync()).Single().NextOffset, (await Checkpoints.ListAsync()).Single().DeadLetters));
    }

    [StoreFact]
    public async Task A_commit_of_a_replaced_owner_is_refused_and_changes_nothing()
    {
        await FillAsync(5);
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);

        await Assert.ThrowsAsync<TaskFencedException>(
            () => Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 2, [new(Output0, Batch.Of("stale"))], [], 0)).AsTask());
        await Checkpoints.CommitAsync(new Commit(Task0, 2, 0, 2, [new(Output0, Batch.Of("fresh"))], [], 0));
        await Assert.ThrowsAsync<TaskFencedException>(
            () => Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 2, [new(Output0, Batch.Of("stale"))], [], 0)).AsTask());

        Assert.Equal(["fresh"], await ReadAllAsync(Output0));
    }

    [StoreFact]
    public async Task Of_two_owners_that_commit_at_once_only_the_newest_gets_through()
    {
        const int Count = 100;
        await FillAsync(Count);
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });

        var owners = Enumerable.Range(0, 4).Select(owner => Task.Run(async () =>
        {
            while (true)
            {
                var checkpoint = await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
                try
                {
                    for (var next = checkpoint.NextOffset; next < Count; next++)
                    {
                        await Checkpoints.CommitAsync(new Commit(
                            Task0,
                            checkpoint.Epoch,
                            next,
                            next + 1,
                            [new(Output0, Batch.Of($"{next}"))],
                            [],
                            0));
                    }

                    return;
                }
                catch (TaskFencedException)
                {
                    // taken over by another one: take over again
                }
            }
        }));
        await Task.WhenAll(owners).WaitAsync(Hang);

        Assert.Equal(Enumerable.Range(0, Count).Select(index => index.ToString()), await ReadAllAsync(Output0));
    }

    [StoreTheory]
    [InlineData(2, 4)]
    [InlineData(4, 6)]
    public async Task A_commit_that_does_not_start_at_the_committed_offset_is_refused(long first, long next)
    {
        await FillAsync(10);
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        await CommitAsync(1, 0, 3);

        await Assert.ThrowsAsync<TaskFencedException>(() => CommitAsync(1, first, next));

        Assert.Equal(3, (await Checkpoints.ListAsync()).Single().NextOffset);
    }

    [StoreFact]
    public async Task A_commit_for_an_unknown_task_topic_or_partition_changes_nothing()
    {
        await FillAsync(3);
        await Assert.ThrowsAsync<TaskFencedException>(() => CommitAsync(1, 0, 1));
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);

        await Assert.ThrowsAsync<UnknownTopicException>(() => Checkpoints.CommitAsync(
            new Commit(Task0, 1, 0, 1, [new(Orders1, Batch.Of("a")), new(new("nothing", 0), Batch.Of("b"))], [], 0)).AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Checkpoints.CommitAsync(
            new Commit(Task0, 1, 0, 1, [new(Orders1, Batch.Of("a")), new(new(Orders, 9), Batch.Of("b"))], [], 0)).AsTask());

        Assert.Empty(await ReadAllAsync(Orders1));
        Assert.Equal(0, (await Checkpoints.ListAsync()).Single().NextOffset);
    }

    [StoreFact]
    public async Task A_seek_moves_the_task_and_fences_its_owner()
    {
        await FillAsync(10);
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        await CommitAsync(1, 0, 8);

        var moved = await Checkpoints.SeekAsync(Task0, 3);

        Assert.Equal((2, 3), (moved.Epoch, moved.NextOffset));
        await Assert.ThrowsAsync<TaskFencedException>(() => CommitAsync(1, 8, 9));
        await Fixture.ReopenAsync();
        Assert.Equal((3, 3), await TakeOverAsync());
        await Assert.ThrowsAsync<UnknownTaskException>(() => Checkpoints.SeekAsync(Task0 with { Stage = "other" }, 0).AsTask());
    }

    [StoreFact]
    public async Task Checkpoints_are_listed_by_pipeline_stage_and_partition()
    {
        TaskId[] tasks = [new("b", "a", 0), new("a", "b", 1), new("a", "b", 0), new("a", "a", 0)];
        foreach (var task in tasks)
        {
            await Checkpoints.TakeOverAsync(task, new(Orders, task.Partition), 0);
        }

        await Fixture.ReopenAsync();

        Assert.Equal([tasks[3], tasks[2], tasks[1], tasks[0]], (await Checkpoints.ListAsync()).Select(checkpoint => checkpoint.Task));
    }

    [StoreFact]
    public async Task A_paused_pipeline_stays_paused_over_a_restart()
    {
        Assert.False(await Checkpoints.IsPausedAsync("shop"));
        await Checkpoints.SetPausedAsync("shop", true);
        await Checkpoints.SetPausedAsync("other", true);
        await Checkpoints.SetPausedAsync("other", false);

        Assert.True(await Checkpoints.IsPausedAsync("shop"));
        await Fixture.ReopenAsync();
        Assert.True(await Checkpoints.IsPausedAsync("shop"));
        Assert.False(await Checkpoints.IsPausedAsync("other"));
    }

    private async Task FillAsync(int records) => await AppendAsync(Orders0, [.. Enumerable.Repeat("a", records)]);

    private Task CommitAsync(long epoch, long first, long next, int deadLetters = 0) =>
        Checkpoints.CommitAsync(new Commit(Task0, epoch, first, next, [], [], deadLetters)).AsTask();

    private async Task<(long Epoch, long Next)> TakeOverAsync()
    {
        var checkpoint = await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        return (checkpoint.Epoch, checkpoint.NextOffset);
    }
}
