namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for repeated, missing and fenced appends of idempotent producers, as in Kafka.</summary>
public abstract partial class IdempotenceContract(StoreFixture fixture) : StoreTest(fixture)
{
    private const long Producer = 4711;

    [StoreFact]
    public async Task A_repeated_append_answers_the_first_offsets()
    {
        await AppendAsync(Orders0, "before");
        var first = await SendAsync(0, "a", "b");

        var repeat = await SendAsync(0, "a", "b");

        Assert.Equal(new AppendResult(1, 3, IsRepeat: false), first);
        Assert.Equal(new AppendResult(1, 3, IsRepeat: true), repeat);
        Assert.Equal(["before", "a", "b"], await ReadAllAsync(Orders0));
    }

    [StoreFact]
    public async Task A_repeat_is_recognised_after_a_restart()
    {
        await SendAsync(0, "a", "b");
        await Fixture.ReopenAsync();

        Assert.Equal(new AppendResult(0, 2, IsRepeat: true), await SendAsync(0, "a", "b"));
        Assert.Equal(new AppendResult(2, 3, IsRepeat: false), await SendAsync(2, "c"));
    }

    [StoreFact]
    public async Task A_repeat_sent_along_with_the_first_is_recognised()
    {
        var sends = Enumerable.Range(0, 20).Select(_ => SendAsync(0, "a")).ToList();
        var results = await Task.WhenAll(sends).WaitAsync(Hang);

        Assert.Single(results, result => !result.IsRepeat);
        Assert.All(results, result => Assert.Equal(0, result.BaseOffset));
        Assert.Equal(["a"], await ReadAllAsync(Orders0));
    }

    [StoreFact]
    public async Task Batches_of_one_producer_sent_together_are_appended_in_their_order()
    {
        var sends = Enumerable.Range(0, 50).Select(sequence => SendAsync(sequence, sequence.ToString())).ToList();
        var results = await Task.WhenAll(sends).WaitAsync(Hang);

        Assert.Equal(Enumerable.Range(0, 50).Select(offset => (long)offset), results.Select(result => result.BaseOffset));
        await Fixture.ReopenAsync();
        Assert.True((await SendAsync(45, "45")).IsRepeat);
        Assert.Equal(50, (await SendAsync(50, "50")).BaseOffset);
    }

    [StoreFact]
    public async Task Of_each_producer_the_last_five_batches_are_remembered()
    {
        for (var sequence = 0; sequence < 7; sequence++)
        {
            await SendAsync(sequence, sequence.ToString());
        }

        for (var restart = 0; restart < 2; restart++)
        {
            for (var sequence = 2; sequence < 7; sequence++)
            {
                Assert.Equal(new AppendResult(sequence, sequence + 1, IsRepeat: true), await SendAsync(sequence, "again"));
            }

            await Assert.ThrowsAsync<DuplicateSequenceException>(() => SendAsync(1, "again"));
            await Assert.ThrowsAsync<DuplicateSequenceException>(() => SendAsync(0, "again"));
            await Fixture.ReopenAsync();
        }

        Assert.Equal(7, (await Log.GetBoundsAsync(Orders0)).End);
    }

    [StoreFact]
    public async Task A_repeat_with_another_number_of_records_is_no_repeat()
    {
        await SendAsync(0, "a", "b");

        await Assert.ThrowsAsync<DuplicateSequenceException>(() => SendAsync(0, "a"));
        await Assert.ThrowsAsync<DuplicateSequenceException>(() => SendAsync(1, "b"));
        await Assert.ThrowsAsync<DuplicateSequenceException>(() => SendAsync(0, "a", "b", "c"));
    }

    [StoreFact]
    public async Task A_gap_is_refused_and_named_and_disturbs_nobody()
    {
        await SendAsync(0, "a");

        var gap = SendAsync(2, "c");
        var others = Enumerable.Range(0, 10).Select(index => AppendAsync(Orders1, index.ToString())).ToList();

        Assert.Equal(1, (await Assert.ThrowsAsync<SequenceGapException>(() => gap)).Expected);
        await Task.WhenAll(others).WaitAsync(Hang);
        Assert.Equal(new AppendResult(1, 2, IsRepeat: false), await SendAsync(1, "b"));
        Assert.Equal(new AppendResult(2, 3, IsRepeat: false), await SendAsync(2, "c"));
    }

    [StoreFact]
    public async Task A_producer_unknown_to_a_partition_starts_at_sequence_0()
    {
        Assert.Equal(0, (await Assert.ThrowsAsync<SequenceGapException>(() => SendAsync(5, "f"))).Expected);

        await SendAsync(0, "a");
        Assert.Equal(0, (await Log.AppendAsync(Orders1, Batch.From(Producer, 0, 0, "x"))).BaseOffset);
    }

    [StoreFact]
    public async Task Sequences_wrap_from_the_highest_integer_to_0()
    {
        await SendManyAsync(int.MaxValue - 2);
        var last = await SendAsync(int.MaxValue - 2, "a", "b");
        var across = await SendAsync(int.MaxValue, "c", "d", "e");
        var after = await SendAsync(2, "f");

        Assert.Equal(last.NextOffset, across.BaseOffset);
        Assert.Equal(across.NextOffset, after.BaseOffset);
        Assert.True((await SendAsync(int.MaxValue, "c", "d", "e")).IsRepeat);
        Assert.True((await SendAsync(int.MaxValue - 2, "a", "b")).IsRepeat);
        await Assert.ThrowsAsync<DuplicateSequenceException>(() => SendAsync(int.MaxValue - 1, "b"));
        Assert.Equal(3, (await Assert.ThrowsAsync<SequenceGapException>(() => SendAsync(4, "h"))).Expected);
    }

    [StoreFact]
    public async Task A_new_epoch_starts_at_sequence_0_and_fences_the_old_one()
    {
        await SendAsync(0, "a");

        Assert.Equal(0, (await Assert.ThrowsAsync<SequenceGapException>(() => SendAsync(epoch: 1, 1, "b"))).Expected);
        Assert.Equal(1, (await SendAsync(epoch: 1, 0, "b")).BaseOffset);
        await Assert.ThrowsAsync<ProducerFencedException>(() => SendAsync(epoch: 0, 1, "late"));
        await Assert.ThrowsAsync<ProducerFencedException>(() => SendAsync(epoch: 0, 0, "a"));
        await Fixture.ReopenAsync();
        await Assert.ThrowsAsync<ProducerFencedException>(() => SendAsync(epoch: 0, 1, "late"));
        Assert.True((await SendAsync(epoch: 1, 0, "b")).IsRepeat);
    }

    [StoreFact]
    public async Task Opening_a_named_producer_again_fences_the_older_one_on_every_partition()
    {
        var older = await Log.OpenProducerAsync("billing");
        await Log.AppendAsync(Orders0, Batch.From(older.Id, older.Epoch, 0, "a"));

        var newer = await Log.OpenProducerAsync("billing");

        Assert.Equal((older.Id, older.Epoch + 1), (newer.Id, newer.Epoch));
        await Assert.ThrowsAsync<ProducerFencedException>(() => Log.AppendAsync(
            Orders0,
            Batch.From(older.Id, older.Epoch, 1, "b")).AsTask());
        await Assert.ThrowsAsync<ProducerFencedException>(() => Log.AppendAsync(
            Orders1,
            Batch.From(older.Id, older.Epoch, 0, "b")).AsTask());
        await Fixture.ReopenAsync();
        await Assert.ThrowsAsync<ProducerFencedException>(() => Log.AppendAsync(
            Orders1,
            Batch.From(older.Id, older.Epoch, 0, "b")).AsTask());
        Assert.Equal(newer.Epoch + 1, (await Log.OpenProducerAsync("billing")).Epoch);
        Assert.Equal(["a"], await ReadAllAsync(Orders0));
    }

    [StoreFact]
    public async Task Producers_without_a_name_get_ids_of_their_own()
    {
        var first = await Log.OpenProducerAsync(null);
        var second = await Log.OpenProducerAsync(null);
        await Fixture.ReopenAsync();
        var third = await Log.OpenProducerAsync(null);

        Assert.Equal(3, new[] { first.Id, second.Id, third.Id }.Distinct().Count());
        Assert.All([first, second, third], identity => Assert.Equal(0, identity.Epoch));
    }

    [StoreFact]
    public async Task A_batch_without_a_producer_is_appended_each_time()
    {
        var batch = Batch.Of("a");
        await Log.AppendAsync(Orders0, batch);
        await Log.AppendAsync(Orders0, batch);

        Assert.Equal(["a", "a"], await ReadAllAsync(Orders0));
    }

    [StoreFact]
    public async Task A_producer_keeps_its_sequences_when_retention_removes_its_batches()
    {
        await Log.CreateTopicAsync("short", new TopicSettings { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        var partition = new TopicPartition("short", 0);
        await Log.AppendAsync(partition, Batch.From(Producer, 0, 0, "a"));

        Assert.Equal(1, await Log.TrimAsync(Fixture.Clock.GetUtcNow().AddHours(2)));

        Assert.Equal(new AppendResult(0, 1, IsRepeat: true), await Log.AppendAsync(partition, Batch.From(Producer, 0, 0, "a")));
        Assert.Equal(new AppendResult(1, 2, IsRepeat: false), await Log.AppendAsync(partition, Batch.From(Producer, 0, 1, "b")));
    }

    [StoreFact]
    public async Task How_many_records_of_a_producer_each_partition_took_in_is_counted_over_its_epochs()
    {
        Assert.Equal([0, 0], await Log.GetProducerProgressAsync(Orders, Producer));
        await SendAsync(0, "a", "b");
        await SendAsync(2, "c");
        await SendAsync(2, "c");
        await Log.AppendAsync(Orders1, Batch.From(Producer, 0, 0, "x"));
        await Log.AppendAsync(Orders1, Batch.From(Producer + 1, 0, 0, "theirs", "too"));
        await AppendAsync(Orders1, "nobody's");
        await Assert.ThrowsAsync<SequenceGapException>(() => SendAsync(7, "h"));
        Assert.Equal([3, 1], await Log.GetProducerProgressAsync(Orders, Producer));

        await SendAsync(epoch: 1, 0, "d");
        await Fixture.ReopenAsync();
        Assert.Equal([4, 1], await Log.GetProducerProgressAsync(Orders, Producer));
        await SendAsync(epoch: 1, 1, "e");
        await SendAsync(epoch: 2, 0, "f");

        Assert.Equal([6, 1], await Log.GetProducerProgressAsync(Orders, Producer));
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.GetProducerProgressAsync("missing", Producer).AsTask());
    }

    [StoreFact]
    public async Task A_producer_s_records_are_counted_past_what_its_sequences_can_tell()
    {
        await SendManyAsync(int.MaxValue - 2);
        await SendAsync(int.MaxValue - 2, "a", "b");
        await SendAsync(int.MaxValue, "c", "d", "e");

        Assert.Equal(int.MaxValue + 3L, (await Log.GetProducerProgressAsync(Orders, Producer))[0]);
    }

    private Task<AppendResult> SendAsync(int sequence, params string[] values) => SendAsync(0, sequence, values);

    private Task<AppendResult> SendAsync(short epoch, int sequence, params string[] values) =>
        Log.AppendAsync(Orders0, Batch.From(Producer, epoch, sequence, values)).AsTask();

    /// <summary>Brings the producer's next sequence to one so high that no test could count up to it.</summary>
    private async Task SendManyAsync(int nextSequence)
    {
        // A batch header may claim more records than the batch has: the log trusts what was validated.
        var bytes = Batch.From(Producer, 0, 0, "many").Bytes.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(23), nextSequence - 1);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(57), nextSequence);
        await Log.AppendAsync(Orders0, RecordBatch.Trust(bytes));
        Assert.Equal(nextSequence, (await Log.GetBoundsAsync(Orders0)).End);
    }
}
