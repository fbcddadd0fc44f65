namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for the checkpoints of stages that hosts define, and of those that none defines any more.</summary>
public abstract class ForgettingContract(StoreFixture fixture) : StoreTest(fixture)
{
    private static readonly TopicName Output = "output";
    private static readonly TopicPartition Output0 = new(Output, 0);
    private static readonly TaskId Task1 = Task0 with { Partition = 1 };
    private static readonly StageSource Count = new("shop", "count", Orders);

    private DateTimeOffset Now => Fixture.Clock.GetUtcNow();

    [StoreFact]
    public async Task A_checkpoint_says_when_a_host_last_defined_its_stage()
    {
        await TakeOverAsync(Task0, Task1, Task0 with { Stage = "other" });
        Assert.All(await Checkpoints.ListAsync(), checkpoint => Assert.Equal(Now, checkpoint.DefinedAt));

        Fixture.Clock.Advance(TimeSpan.FromHours(1));
        var later = Now;
        await Checkpoints.NoteDefinedAsync([Count, new("shop", "renamed", Orders), new("shop", "other", Output)]);
        Fixture.Clock.Advance(TimeSpan.FromHours(1));
        await Fixture.ReopenAsync();

        Assert.Equal(
            [later, later, later - TimeSpan.FromHours(1)],
            (await Checkpoints.ListAsync()).Select(checkpoint => checkpoint.DefinedAt));
    }

    [StoreFact]
    public async Task A_take_over_defines_its_stage()
    {
        await TakeOverAsync(Task0);
        Fixture.Clock.Advance(TimeSpan.FromHours(1));

        await TakeOverAsync(Task0);

        Assert.Equal(Now, Assert.Single(await Checkpoints.ListAsync()).DefinedAt);
    }

    [StoreFact]
    public async Task A_stage_that_was_let_go_of_holds_neither_records_nor_topics()
    {
        await AppendAsync(Orders0, "a", "b");
        await TakeOverAsync(Task0, Task1);
        await Log.UpdateTopicAsync(Orders, new TopicChange { RetentionAge = TimeSpan.FromMinutes(1) });
        Fixture.Clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal(0, await Log.TrimAsync(DateTimeOffset.UtcNow + TimeSpan.FromDays(400)));

        Assert.Equal(2, await Checkpoints.ForgetAsync(Count, DateTimeOffset.MaxValue));

        Assert.Empty(await Checkpoints.ListAsync());
        Assert.Equal(2, await Log.TrimAsync(DateTimeOffset.UtcNow + TimeSpan.FromDays(400)));
        Assert.Equal(0, (await Log.GetBoundsAsync(Orders0)).Discarded);
        await Log.DeleteTopicAsync(Orders);
        await Fixture.ReopenAsync();
        Assert.Empty(await Checkpoints.ListAsync());
        Assert.Null(await Log.FindTopicAsync(Orders));
    }

    [StoreFact]
    public async Task Only_the_stage_on_that_topic_is_let_go_of()
    {
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });
        await TakeOverAsync(Task0, Task0 with { Stage = "other" }, Task0 with { Pipeline = "else" });
        await Checkpoints.TakeOverAsync(Task0 with { Stage = "moved" }, Output0, 0);

        Assert.Equal(0, await Checkpoints.ForgetAsync(new("shop", "moved", Orders), DateTimeOffset.MaxValue));
        Assert.Equal(0, await Checkpoints.ForgetAsync(new("shop", "count", "nothing"), DateTimeOffset.MaxValue));
        Assert.Equal(1, await Checkpoints.ForgetAsync(Count, DateTimeOffset.MaxValue));

        Assert.Equal(
            ["else/count/0", "shop/moved/0", "shop/other/0"],
            (await Checkpoints.ListAsync()).Select(checkpoint => checkpoint.Task.ToString()));
    }

    [StoreTheory]
    [InlineData("defined")]
    [InlineData("committed")]
    [InlineData("taken over")]
    public async Task A_stage_of_which_one_task_was_used_meanwhile_is_not_let_go_of(string use)
    {
        await AppendAsync(Orders1, "a");
        await TakeOverAsync(Task0, Task1);
        Fixture.Clock.Advance(TimeSpan.FromHours(2));
        await (use switch
        {
            "defined" => Checkpoints.NoteDefinedAsync([Count]),
            "committed" => Checkpoints.CommitAsync(new Commit(Task1, 1, 0, 1, [], [], 0)),
            _ => AsValueTask(TakeOverAsync(Task1)),
        });

        Fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Checkpoints.ForgetAsync(Count, Now - TimeSpan.FromHours(1)));
        Assert.Equal(2, (await Checkpoints.ListAsync()).Count);

        Fixture.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, await Checkpoints.ForgetAsync(Count, Now - TimeSpan.FromHours(1)));
    }

    [StoreFact]
    public async Task An_owner_whose_task_was_let_go_of_is_fenced_for_ever()
    {
        await AppendAsync(Orders0, "a", "b", "c");
        await TakeOverAsync(Task0);
        await Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 1, [], [], 0));
        await Checkpoints.ForgetAsync(Count, DateTimeOffset.MaxValue);

        await AssertFencedAsync();
        await Assert.ThrowsAsync<UnknownTaskException>(() => Checkpoints.SeekAsync(Task0, 0).AsTask());
        await Fixture.ReopenAsync();
        await AssertFencedAsync();

        var next = await Checkpoints.TakeOverAsync(Task0, Orders0, 1);
        Assert.Equal((1, 0), (next.NextOffset, next.DeadLetters));
        Assert.True(next.Epoch > 1);
        await AssertFencedAsync();

        Task AssertFencedAsync() => Assert.ThrowsAsync<TaskFencedException>(
            () => Checkpoints.CommitAsync(new Commit(Task0, 1, 1, 2, [], [], 0)).AsTask());
    }

    [StoreFact]
    public async Task A_stage_that_was_let_go_of_begins_anew_also_on_another_topic()
    {
        await AppendAsync(Orders0, "a", "b", "c");
        await Log.CreateTopicAsync(Output, new TopicSettings { Partitions = 1 });
        await AppendAsync(Output0, "x", "y");
        await TakeOverAsync(Task0);
        await Checkpoints.CommitAsync(new Commit(Task0, 1, 0, 3, [], [], 2));
        await Checkpoints.ForgetAsync(Count, DateTimeOffset.MaxValue);

        var moved = await Checkpoints.TakeOverAsync(Task0, Output0, 1);

        Assert.Equal((Output0, 1, 0), (moved.Source, moved.NextOffset, moved.DeadLetters));
        await Checkpoints.CommitAsync(new Commit(Task0, moved.Epoch, 1, 2, [], [], 0));
        await Fixture.ReopenAsync();
        var listed = Assert.Single(await Checkpoints.ListAsync());
        Assert.Equal((Output0, 2), (listed.Source, listed.NextOffset));
        await Log.DeleteTopicAsync(Orders);
        await Assert.ThrowsAsync<TopicInUseException>(() => Log.DeleteTopicAsync(Output).AsTask());
    }

    [StoreFact]
    public async Task A_position_in_something_outside_is_neither_listed_nor_let_go_of()
    {
        var stream = new TaskId("shop", "count", 0);
        await Checkpoints.TakeOverPositionAsync(stream);

        await Checkpoints.NoteDefinedAsync([Count]);

        Assert.Equal(0, await Checkpoints.ForgetAsync(Count, DateTimeOffset.MaxValue));
        Assert.Equal(2, (await Checkpoints.TakeOverPositionAsync(stream)).Epoch);
    }

    private static async ValueTask AsValueTask(Task task) => await task;

    private async Task TakeOverAsync(params TaskId[] tasks)
    {
        foreach (var task in tasks)
        {
            await Checkpoints.TakeOverAsync(task, new(Orders, task.Partition), 0);
        }
    }
}
