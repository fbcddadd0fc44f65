using Orleans.Pipeline.Storage.Postgres;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Several stores, as in several processes, on one database.</summary>
[RequiresPostgres]
public sealed class PostgresSharingTests : PostgresTest
{
    private const string Listeners = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";

    [StoreFact]
    public async Task An_append_wakes_the_readers_of_another_process()
    {
        var (ours, theirs) = await OpenTwoAsync();
        var reader = ours.ReadAsync(Orders0, 0, 1 << 20, Timeout.InfiniteTimeSpan).AsTask();
        var other = ours.ReadAsync(Orders1, 0, 1 << 20, Timeout.InfiniteTimeSpan).AsTask();

        await theirs.AppendAsync(Orders0, Batch.Of("a"));

        Assert.Equal(["a"], Batch.Values((await reader.WaitAsync(Hang)).Single()));
        Assert.False(other.IsCompleted);
        await CommitAsync(theirs, Orders0, [new(Orders1, Batch.Of("x"))]);
        Assert.Equal(["x"], Batch.Values((await other.WaitAsync(Hang)).Single()));
    }

    [StoreFact]
    public async Task A_reader_goes_on_beside_an_appender_in_another_process_and_misses_nothing()
    {
        const int Count = 200;
        var (ours, theirs) = await OpenTwoAsync();
        var reader = Task.Run(async () =>
        {
            var values = new List<string>();
            while (values.Count < Count)
            {
                values.AddRange((await ours.ReadAsync(Orders0, values.Count, 2000, Timeout.InfiniteTimeSpan)).SelectMany(Batch.Values));
            }

            return values;
        });
        var expected = Enumerable.Range(0, Count).Select(index => $"{index}").ToList();

        foreach (var value in expected)
        {
            await theirs.AppendAsync(Orders0, Batch.Of(value));
        }

        Assert.Equal(expected, await reader.WaitAsync(Hang));
    }

    [StoreFact]
    public async Task Readers_whose_listening_connection_is_cut_miss_nothing()
    {
        var (ours, theirs) = await OpenTwoAsync();
        for (var round = 0; round < 10; round++)
        {
            var reader = ours.ReadAsync(Orders0, round, 1 << 20, Timeout.InfiniteTimeSpan).AsTask();
            await Task.WhenAll(
                ExecuteAsync($"SELECT pg_terminate_backend(pid) {Listeners}"),
                theirs.AppendAsync(Orders0, Batch.Of($"{round}")).AsTask());

            Assert.Equal([$"{round}"], Batch.Values((await reader.WaitAsync(Hang)).Single()));
        }
    }

    [StoreFact]
    public async Task What_a_killed_process_appended_but_did_not_tell_is_found_by_the_heartbeat()
    {
        var ours = await OpenAsync(Settings with { Heartbeat = TimeSpan.FromSeconds(1) });
        await ours.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2 });
        var reader = ours.ReadAsync(Orders0, 0, 1 << 20, Timeout.InfiniteTimeSpan).AsTask();

        await ExecuteAsync($"SELECT pipeline.append_output((SELECT id FROM pipeline.partitions WHERE number = 0), 1, 0, '\\x{Convert.ToHexString(Batch.Of("a").Bytes.Span)}')");

        Assert.Equal(["a"], Batch.Values((await reader.WaitAsync(Hang)).Single()));
    }

    [StoreFact]
    public async Task Appenders_of_many_processes_to_one_partition_get_contiguous_offsets()
    {
        var stores = new[] { await OpenAsync(), await OpenAsync(), await OpenAsync() };
        await stores[0].CreateTopicAsync(Orders, new TopicSettings { Partitions = 2 });

        var appends = stores.SelectMany((store, process) => Enumerable.Range(0, 60)
            .Select(index => Task.Run(() => store.AppendAsync(Orders0, Batch.Of([.. Enumerable.Repeat($"{process}/{index}", 1 + (index % 3))])).AsTask())));
        var results = (await Task.WhenAll(appends).WaitAsync(Hang)).OrderBy(result => result.BaseOffset).ToList();

        var next = 0L;
        foreach (var result in results)
        {
            Assert.Equal(next, result.BaseOffset);
            next = result.NextOffset;
        }

        Assert.Equal(next, (await ReadAllAsync(stores[1], Orders0)).Count);
    }

    [StoreFact]
    public async Task A_producer_opened_in_another_process_fences_the_older_one_at_once()
    {
        var (ours, theirs) = await OpenTwoAsync();
        var older = await ours.OpenProducerAsync("billing");
        var sends = Enumerable.Range(0, 40).Select(sequence => SendAsync(sequence)).ToList();

        var newer = await theirs.OpenProducerAsync("billing");
        var ends = (await theirs.GetBoundsAsync(Orders0)).End;
        await Task.WhenAll(sends).WaitAsync(Hang);

        Assert.Equal(older.Epoch + 1, newer.Epoch);
        Assert.Equal(ends, (await theirs.GetBoundsAsync(Orders0)).End);
        await Assert.ThrowsAsync<ProducerFencedException>(() => ours.AppendAsync(
            Orders1,
            Batch.From(older.Id, older.Epoch, 0, "late")).AsTask());

        async Task SendAsync(int sequence)
        {
            try
            {
                await ours.AppendAsync(Orders0, Batch.From(older.Id, older.Epoch, sequence, $"{sequence}"));
            }
            catch (ProducerFencedException)
            {
                // from here on all are
            }
        }
    }

    [StoreFact]
    public async Task A_topic_changed_in_another_process_is_found_changed()
    {
        var (ours, theirs) = await OpenTwoAsync();
        await ours.AppendAsync(Orders0, Batch.Of("known"));

        await theirs.UpdateTopicAsync(Orders, new TopicChange { LagLimit = 7, RetentionAge = TimeSpan.FromDays(1) });

        Assert.Equal(7, (await ours.FindTopicAsync(Orders))!.Settings.LagLimit);
        Assert.Equal(0, await ours.TrimAsync(DateTimeOffset.UtcNow));
        Assert.Equal(1, await ours.TrimAsync(DateTimeOffset.UtcNow.AddDays(2)));
    }

    [StoreFact]
    public async Task Of_many_processes_that_settle_the_same_records_each_record_is_settled_by_one()
    {
        const int Records = 40;
        var (ours, theirs) = await OpenTwoAsync();
        await ours.AppendAsync(Orders1, Batch.Of([.. Enumerable.Repeat("failed", Records)]));

        var settled =
            await Task.WhenAll(new[] { ours, theirs }.SelectMany(store => Enumerable.Range(0, Records).Select(offset => Task.Run(async () =>
        {
            try
            {
                await store.SettleAsync(
                    Orders1, [new(offset, offset + 1)], [new(Orders0, Batch.Of($"{offset}")), new(Orders1, Batch.Of("more"))]);
                return 1;
            }
            catch (RecordsSettledException)
            {
                return 0;
            }
        })))).WaitAsync(Hang);

        Assert.Equal(Records, settled.Sum());
        Assert.Equal(Enumerable.Range(0, Records), (await ReadAllAsync(ours, Orders0)).Select(int.Parse).Order());
        Assert.Equal([new OffsetRange(0, Records)], await theirs.ListSettledAsync(Orders1, 0, 10));
        Assert.Equal(2 * Records, (await ours.GetBoundsAsync(Orders1)).End);
    }

    [StoreFact]
    public async Task Settling_reaches_a_topic_that_was_made_again_in_another_process()
    {
        var (ours, theirs) = await OpenTwoAsync();
        await ours.CreateTopicAsync("output", new TopicSettings { Partitions = 1 });
        TopicPartition output = new("output", 0);
        await ours.AppendAsync(Orders0, Batch.Of("a"));
        await ours.AppendAsync(output, Batch.Of("old"));
        await theirs.DeleteTopicAsync("output");
        await Assert.ThrowsAsync<UnknownTopicException>(() => ours.SettleAsync(
            Orders0,
            [new(0, 1)],
            [new(output, Batch.Of("lost"))]).AsTask());
        await theirs.CreateTopicAsync("output", new TopicSettings { Partitions = 1 });

        await ours.SettleAsync(Orders0, [new(0, 1)], [new(output, Batch.Of("replayed"))]);

        Assert.Equal(["replayed"], await ReadAllAsync(theirs, output));
    }

    [StoreFact]
    public async Task A_topic_deleted_and_made_again_in_another_process_is_found_again()
    {
        var (ours, theirs) = await OpenTwoAsync();
        await ours.AppendAsync(Orders0, Batch.Of("old"));
        await ReadAllAsync(ours, Orders0);
        var waiting = ours.ReadAsync(Orders1, 0, 1, Timeout.InfiniteTimeSpan).AsTask();

        await theirs.DeleteTopicAsync(Orders);
        await Assert.ThrowsAsync<UnknownTopicException>(() => waiting.WaitAsync(Hang));
        await Assert.ThrowsAsync<UnknownTopicException>(() => ours.AppendAsync(Orders0, Batch.Of("lost")).AsTask());
        await theirs.CreateTopicAsync(Orders, new TopicSettings { Partitions = 3 });

        Assert.Equal(0, (await ours.AppendAsync(Orders0, Batch.Of("new"))).BaseOffset);
        Assert.Equal(["new"], await ReadAllAsync(ours, Orders0));
        Assert.Equal(0, (await ours.TakeOverAsync(new("shop", "count", 2), new(Orders, 2), 5)).NextOffset);
    }

    [StoreFact]
    public async Task A_topic_made_again_elsewhere_is_written_by_an_append_and_a_commit_that_knew_the_old_one()
    {
        var (ours, theirs) = await OpenTwoAsync();
        await ours.CreateTopicAsync("output", new TopicSettings { Partitions = 1 });
        TopicPartition output = new("output", 0);
        await ours.AppendAsync(output, Batch.Of("old"));
        await theirs.DeleteTopicAsync("output");
        await theirs.CreateTopicAsync("output", new TopicSettings { Partitions = 1 });

        await CommitAsync(ours, Orders0, [new(output, Batch.Of("committed"))]);
        await theirs.DeleteTopicAsync("output");
        await theirs.CreateTopicAsync("output", new TopicSettings { Partitions = 1 });
        await ours.AppendAsync(output, Batch.Of("appended"));

        Assert.Equal(["appended"], await ReadAllAsync(theirs, output));
    }

    [StoreFact]
    public async Task Commits_that_cross_each_other_over_tables_and_topics_all_get_through()
    {
        const int Count = 25;
        var (ours, theirs) = await OpenTwoAsync();
        var table = new TableSchema("counts", TableMode.Add, [new("id", TableType.Integer, true), new("sum", TableType.Integer, false)]);
        await ours.PrepareTableAsync(table);
        await ours.AppendAsync(Orders0, Batch.Of([.. Enumerable.Repeat("a", Count)]));

        var tasks = Enumerable.Range(0, 8).Select(index => Task.Run(async () =>
        {
            var (store, task) = (index % 2 == 0 ? ours : theirs, new TaskId($"p{index}", "s", 0));
            var epoch = (await store.TakeOverAsync(task, Orders0, 0)).Epoch;
            for (var offset = 0; offset < Count; offset++)
            {
                var ids = Enumerable.Range(0, 10).Select(id => (long)(index % 3 == 0 ? id : 9 - id));
                TopicAppend[] appends = [new(index % 2 == 0 ? Orders0 : Orders1, Batch.Of("x")), new(
                    index % 2 == 0 ? Orders1 : Orders0,
                    Batch.Of("y"))];
                await store.CommitAsync(new(task, epoch, offset, offset + 1, appends, [new(table, [.. ids.Select(id => Row(id, 1))])], 0));
            }
        }));
        await Task.WhenAll(tasks).WaitAsync(Hang);

        Assert.Equal(8m * Count * 10, await QueryAsync<decimal>("SELECT sum(sum) FROM counts"));
        Assert.Equal(8 * Count, (await ours.GetBoundsAsync(Orders1)).End);
    }

    private static TableValue[] Row(long id, long sum) => [TableValue.From(id), TableValue.From(sum)];

    private async Task<(PostgresStore Ours, PostgresStore Theirs)> OpenTwoAsync()
    {
        var ours = await OpenAsync();
        await ours.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2 });
        return (ours, await OpenAsync());
    }

    private static async Task CommitAsync(PostgresStore store, TopicPartition source, TopicAppend[] appends)
    {
        var task = new TaskId("shop", "count", source.Partition);
        if ((await store.GetBoundsAsync(source)).End == 0)
        {
            await store.AppendAsync(source, Batch.Of("a"));
        }

        var checkpoint = await store.TakeOverAsync(task, source, 0);
        await store.CommitAsync(new Commit(task, checkpoint.Epoch, checkpoint.NextOffset, checkpoint.NextOffset + 1, appends, [], 0));
    }
}
