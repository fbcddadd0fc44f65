namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for creating, finding and deleting topics.</summary>
public abstract class TopicContract(StoreFixture fixture) : StoreTest(fixture)
{
    private static readonly TopicSettings Unusual = new()
    {
        Partitions = 3,
        RetentionAge = null,
        RetentionBytes = 12_345,
        DiscardUnread = true,
        LagLimit = 42,
    };

    [StoreFact]
    public async Task A_topic_keeps_its_settings_over_a_restart()
    {
        var created = await Log.CreateTopicAsync("clicks", Unusual);
        await Fixture.ReopenAsync();

        Assert.Equal(new TopicDescription("clicks", Unusual, Fixture.Clock.GetUtcNow()) { Id = created.Id }, created);
        Assert.Equal(created, await Log.FindTopicAsync("clicks"));
    }

    [StoreFact]
    public async Task The_size_of_the_database_grows_by_what_is_appended()
    {
        await Log.CreateTopicAsync("clicks", Unusual);
        var before = await Log.GetSizeAsync();
        var batch = Batch.Of(new string('x', 100_000));

        for (var appended = 0; appended < 20; appended++)
        {
            await Log.AppendAsync(new("clicks", 0), batch);
        }

        Assert.InRange(await Log.GetSizeAsync() - before ?? 0, 20 * batch.Bytes.Length, 100 * batch.Bytes.Length);
    }

    [StoreFact]
    public async Task Creating_a_topic_again_leaves_it_as_it_is()
    {
        var created = await Log.CreateTopicAsync("clicks", Unusual);
        Fixture.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(created, await Log.CreateTopicAsync("clicks", new TopicSettings { Partitions = 3 }));
        await Assert.ThrowsAsync<TopicExistsException>(() => Log.CreateTopicAsync("clicks", Unusual with { Partitions = 4 }).AsTask());
        await Assert.ThrowsAsync<InvalidTopicSettingsException>(() => Log.CreateTopicAsync(
            "bad",
            Unusual with { Partitions = 0 }).AsTask());
        Assert.Null(await Log.FindTopicAsync("bad"));
    }

    [StoreFact]
    public async Task A_change_of_a_topic_changes_what_it_names_and_keeps_the_rest_over_a_restart()
    {
        var created = await Log.CreateTopicAsync("clicks", Unusual);

        var changed = await Log.UpdateTopicAsync("clicks", new TopicChange { RetentionAge = TimeSpan.FromHours(3), LagLimit = 43 });
        Assert.Equal(created with { Settings = Unusual with { RetentionAge = TimeSpan.FromHours(3), LagLimit = 43 } }, changed);

        changed = await Log.UpdateTopicAsync("clicks", new TopicChange { RetentionBytes = null, DiscardUnread = false });
        Assert.Equal((null, false, 43), (changed.Settings.RetentionBytes, changed.Settings.DiscardUnread, changed.Settings.LagLimit));
        Assert.Equal(changed, await Log.UpdateTopicAsync("clicks", new TopicChange()));

        await Fixture.ReopenAsync();
        Assert.Equal(changed, await Log.FindTopicAsync("clicks"));
        Assert.Equal(changed, (await Log.ListTopicsAsync()).Single(topic => topic.Topic == "clicks"));
    }

    [StoreFact]
    public async Task A_change_out_of_range_or_of_no_topic_is_refused_whole()
    {
        var created = await Log.CreateTopicAsync("clicks", Unusual);

        await Assert.ThrowsAsync<InvalidTopicSettingsException>(
            () => Log.UpdateTopicAsync("clicks", new TopicChange { RetentionBytes = 7, LagLimit = 0 }).AsTask());
        await Assert.ThrowsAsync<InvalidTopicSettingsException>(
            () => Log.UpdateTopicAsync("clicks", new TopicChange { RetentionAge = TimeSpan.Zero }).AsTask());
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.UpdateTopicAsync("missing", new TopicChange { LagLimit = 7 }).AsTask());

        Assert.Equal(created, await Log.FindTopicAsync("clicks"));
    }

    [StoreFact]
    public async Task Topics_created_at_once_are_all_there_and_listed_by_name()
    {
        var creations = Enumerable.Range(0, 20).SelectMany(index => new[] { index, index })
            .Select(index => Log.CreateTopicAsync($"topic-{index:00}", new TopicSettings { Partitions = 1 + (index % 3) }).AsTask());
        await Task.WhenAll(creations).WaitAsync(Hang);

        var names = (await Log.ListTopicsAsync()).Select(topic => topic.Topic.Value);
        Assert.Equal(["orders", .. Enumerable.Range(0, 20).Select(index => $"topic-{index:00}")], names);
    }

    [StoreFact]
    public async Task A_topic_may_have_1024_partitions_that_do_not_mix()
    {
        await Log.CreateTopicAsync("wide", new TopicSettings { Partitions = 1024 });
        var appends = Enumerable.Range(0, 1024).Select(index => AppendAsync(new("wide", index), $"{index}"));
        await Task.WhenAll(appends).WaitAsync(Hang);
        await Fixture.ReopenAsync();

        for (var index = 0; index < 1024; index += 31)
        {
            Assert.Equal([$"{index}"], await ReadAllAsync(new("wide", index)));
        }
    }

    [StoreFact]
    public async Task A_deleted_topic_is_gone_and_its_name_free()
    {
        await AppendAsync(Orders0, "a");
        await Log.AppendAsync(Orders0, Batch.From(7, 0, 0, "b"));

        await Log.DeleteTopicAsync(Orders);

        Assert.Null(await Log.FindTopicAsync(Orders));
        await Assert.ThrowsAsync<UnknownTopicException>(() => AppendAsync(Orders0, "c"));
        await Fixture.ReopenAsync();
        Assert.Empty(await Log.ListTopicsAsync());
        await Log.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2 });
        Assert.Empty(await ReadAllAsync(Orders0));
        Assert.Equal(new AppendResult(0, 1, IsRepeat: false), await Log.AppendAsync(Orders0, Batch.From(7, 0, 0, "new")));
    }

    [StoreFact]
    public async Task A_topic_has_an_identity_that_a_topic_of_the_same_name_made_later_does_not_have()
    {
        var first = (await Log.FindTopicAsync(Orders))!;
        Assert.NotEqual(Guid.Empty, first.Id);
        await Fixture.ReopenAsync();
        Assert.Equal(first, await Log.FindTopicAsync(Orders));
        Assert.Equal(first.Id, (await Log.CreateTopicAsync(Orders, first.Settings)).Id);
        Assert.Equal(first.Id, (await Log.UpdateTopicAsync(Orders, new TopicChange { LagLimit = 7 })).Id);

        await Log.DeleteTopicAsync(Orders);
        var second = await Log.CreateTopicAsync(Orders, first.Settings);

        Assert.NotEqual(Guid.Empty, second.Id);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second, (await Log.ListTopicsAsync()).Single());
    }

    [StoreFact]
    public async Task A_batch_for_a_topic_that_was_made_again_is_refused()
    {
        var first = (await Log.FindTopicAsync(Orders))!.Id;
        await Log.AppendAsync(Orders0, first, Batch.Of("a"));
        var second = await MakeAgainAsync(partitions: 3);

        await Assert.ThrowsAsync<TopicReplacedException>(() => Log.AppendAsync(Orders0, first, Batch.Of("b")).AsTask());
        await Assert.ThrowsAsync<TopicReplacedException>(() => Log.AppendAsync(Orders0, first, Batch.From(7, 0, 0, "b")).AsTask());
        await Log.AppendAsync(Orders0, second, Batch.Of("c"));
        await Log.AppendAsync(Orders0, Guid.Empty, Batch.Of("d"));
        await Log.DeleteTopicAsync(Orders);
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.AppendAsync(Orders0, second, Batch.Of("e")).AsTask());

        var third = await Log.CreateTopicAsync(Orders, new TopicSettings { Partitions = 1 });
        await Log.AppendAsync(Orders0, third.Id, Batch.Of("f"));
        Assert.Equal(["f"], await ReadAllAsync(Orders0));
    }

    [StoreFact]
    public async Task A_position_of_a_topic_that_was_made_again_is_refused_wherever_it_lies()
    {
        var first = (await Log.FindTopicAsync(Orders))!.Id;
        await AppendAsync(Orders0, "a", "b");
        Assert.Single(await ReadAnyAsync(first, 0, TimeSpan.Zero));
        var second = await MakeAgainAsync(partitions: 1);
        await AppendAsync(Orders0, "c", "d", "e");

        foreach (var offset in new[] { 0, 2, 3, 4 })
        {
            var refused = await Assert.ThrowsAsync<TopicReplacedException>(() => ReadAnyAsync(first, offset, TimeSpan.Zero));
            Assert.Equal(Orders, refused.Topic);
        }

        await Assert.ThrowsAsync<TopicReplacedException>(
            () => Log.ReadAnyAsync(Orders, [new(1, 0) { TopicId = first }], 1, TimeSpan.Zero).AsTask());
        Assert.Single(await ReadAnyAsync(second, 2, TimeSpan.Zero));
        await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => ReadAnyAsync(second, 4, TimeSpan.Zero));
        Assert.Single(await ReadAnyAsync(Guid.Empty, 2, TimeSpan.Zero));
    }

    [StoreFact]
    public async Task A_read_that_waits_on_a_topic_does_not_go_on_with_the_next_one_of_that_name()
    {
        var first = (await Log.FindTopicAsync(Orders))!.Id;
        var reading = ReadAnyAsync(first, 0, Timeout.InfiniteTimeSpan);

        await MakeAgainAsync(partitions: 2);
        await AppendAsync(Orders0, "c");

        var ended = await Assert.ThrowsAnyAsync<PipelineException>(() => reading.WaitAsync(Hang));
        Assert.True(ended is TopicReplacedException or UnknownTopicException, ended.ToString());
    }

    [StoreFact]
    public async Task A_reader_that_waits_on_a_topic_hears_of_its_end()
    {
        var reader = Log.ReadAsync(Orders0, 0, 1, Timeout.InfiniteTimeSpan).AsTask();

        await Log.DeleteTopicAsync(Orders);

        await Assert.ThrowsAsync<UnknownTopicException>(() => reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task A_topic_that_a_pipeline_reads_is_not_deleted()
    {
        await AppendAsync(Orders0, "a");
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);

        await Assert.ThrowsAsync<TopicInUseException>(() => Log.DeleteTopicAsync(Orders).AsTask());

        Assert.Equal(["a"], await ReadAllAsync(Orders0));
    }

    private async Task<Guid> MakeAgainAsync(int partitions)
    {
        await Log.DeleteTopicAsync(Orders);
        return (await Log.CreateTopicAsync(Orders, new TopicSettings { Partitions = partitions })).Id;
    }

    private Task<IReadOnlyList<PartitionRead>> ReadAnyAsync(Guid topic, long offset, TimeSpan wait) =>
        Log.ReadAnyAsync(Orders, [new(0, offset) { TopicId = topic }], 1 << 20, wait).AsTask();
}
