namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <content>Which producers are forgotten, and which never.</content>
public abstract partial class IdempotenceContract
{
    [StoreFact]
    public async Task A_producer_without_a_name_that_stayed_away_for_a_week_is_forgotten()
    {
        var idle = await Log.OpenProducerAsync(null);
        await Log.AppendAsync(Orders0, Batch.From(idle.Id, idle.Epoch, 0, "a"));
        Fixture.Clock.Advance(TimeSpan.FromDays(5));
        await SendAsync(0, "b");
        Fixture.Clock.Advance(TimeSpan.FromDays(3));

        await Log.TrimAsync(Fixture.Clock.GetUtcNow());

        await Assert.ThrowsAsync<SequenceGapException>(() => Log.AppendAsync(Orders0, Batch.From(idle.Id, idle.Epoch, 1, "c")).AsTask());
        Assert.True((await SendAsync(0, "b")).IsRepeat);
    }

    [StoreFact]
    public async Task A_named_producer_that_is_quiet_on_one_partition_goes_on_there()
    {
        var billing = await Log.OpenProducerAsync("billing");
        await Log.AppendAsync(Orders0, Batch.From(billing.Id, billing.Epoch, 0, "a"));
        for (var week = 0; week < 5; week++)
        {
            await Log.AppendAsync(Orders1, Batch.From(billing.Id, billing.Epoch, week, "busy"));
            await PassAsync(days: 8);
        }

        var late = Batch.From(billing.Id, billing.Epoch, 1, "b");
        Assert.Equal(new AppendResult(0, 1, IsRepeat: true), await Log.AppendAsync(Orders0, Batch.From(billing.Id, billing.Epoch, 0, "a")));
        Assert.Equal(new AppendResult(1, 2, IsRepeat: false), await Log.AppendAsync(Orders0, late));
        Assert.Equal(new AppendResult(1, 2, IsRepeat: true), await Log.AppendAsync(Orders0, late));
    }

    [StoreFact]
    public async Task A_named_producer_that_was_quiet_altogether_goes_on_until_its_name_is_opened_again()
    {
        var billing = await Log.OpenProducerAsync("billing");
        await Log.AppendAsync(Orders0, Batch.From(billing.Id, billing.Epoch, 0, "a"));
        await PassAsync(days: 400);
        await Fixture.ReopenAsync();

        Assert.Equal(1, (await Log.AppendAsync(Orders0, Batch.From(billing.Id, billing.Epoch, 1, "b"))).BaseOffset);
        await PassAsync(days: 400);
        Assert.Equal([2, 0], await Log.GetProducerProgressAsync(Orders, billing.Id));

        Assert.Equal(billing with { Epoch = 1 }, await Log.OpenProducerAsync("billing"));
        await Assert.ThrowsAsync<ProducerFencedException>(
            () => Log.AppendAsync(Orders0, Batch.From(billing.Id, billing.Epoch, 2, "c")).AsTask());
    }

    [StoreFact]
    public async Task A_named_producer_that_has_not_sent_yet_is_fenced_by_the_next_one_however_late_that_is()
    {
        var older = await Log.OpenProducerAsync("billing");
        await PassAsync(days: 30);

        Assert.Equal(older with { Epoch = 1 }, await Log.OpenProducerAsync("billing"));
        await Assert.ThrowsAsync<ProducerFencedException>(
            () => Log.AppendAsync(Orders0, Batch.From(older.Id, older.Epoch, 0, "a")).AsTask());
    }

    [StoreFact]
    public async Task A_producer_that_was_opened_within_a_week_keeps_its_progress()
    {
        Fixture.Clock.Advance(TimeSpan.FromDays(1));
        var upload = await Log.OpenProducerAsync(null);
        await Log.AppendAsync(Orders0, Batch.From(upload.Id, upload.Epoch, 0, "a"));

        await PassAsync(days: 6);
        Assert.Equal([1, 0], await Log.GetProducerProgressAsync(Orders, upload.Id));

        await PassAsync(days: 2);
        Assert.Equal([0, 0], await Log.GetProducerProgressAsync(Orders, upload.Id));
    }

    [StoreFact]
    public async Task A_named_producer_keeps_its_progress_on_partitions_that_it_stayed_away_from()
    {
        var upload = await Log.OpenProducerAsync("upload");
        await Log.AppendAsync(Orders0, Batch.From(upload.Id, upload.Epoch, 0, "a"));
        await PassAsync(days: 30);
        upload = await Log.OpenProducerAsync("upload");
        await PassAsync(days: 30);

        Assert.Equal([1, 0], await Log.GetProducerProgressAsync(Orders, upload.Id));
    }

    /// <summary>Lets days pass, and applies retention.</summary>
    private async Task PassAsync(int days)
    {
        Fixture.Clock.Advance(TimeSpan.FromDays(days));
        await Log.TrimAsync(Fixture.Clock.GetUtcNow());
    }
}
