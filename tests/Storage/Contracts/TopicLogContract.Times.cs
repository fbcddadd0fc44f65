namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <content>Looking up offsets by time.</content>
public abstract partial class TopicLogContract
{
    [StoreFact]
    public async Task A_time_leads_to_the_first_batch_with_a_record_at_or_after_it()
    {
        var offsets = new Dictionary<long, long>();
        for (var time = 1000L; time <= 50_000; time += 1000)
        {
            var count = 1 + (int)(time / 1000 % 3);
            offsets[time] = (await Log.AppendAsync(Orders0, Batch.At(time, [.. Enumerable.Repeat("a", count)]))).BaseOffset;
        }

        var end = (await Log.GetBoundsAsync(Orders0)).End;
        foreach (var (time, offset) in offsets)
        {
            Assert.Equal(offset, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(time)));
            Assert.Equal(offset, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(time - 999)));
            Assert.Equal(offset, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(time - 1).AddTicks(1)));
        }

        Assert.Equal(end, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(50_001)));
        Assert.Equal(0, await Log.FindOffsetAsync(Orders0, DateTimeOffset.MinValue));
        Assert.Equal(0, await Log.FindOffsetAsync(Orders1, DateTimeOffset.UnixEpoch));
    }

    [StoreFact]
    public async Task A_late_record_does_not_hide_the_batches_before_it_from_a_look_up_by_time()
    {
        await Log.AppendAsync(Orders0, Batch.At(5000, "a"));
        await Log.AppendAsync(Orders0, Batch.At(1000, "late"));
        await Log.AppendAsync(Orders0, Batch.At(9000, "b"));

        Assert.Equal(0, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(900)));
        Assert.Equal(0, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(5000)));
        Assert.Equal(2, await Log.FindOffsetAsync(Orders0, DateTimeOffset.FromUnixTimeMilliseconds(5001)));
    }

    [StoreTheory]
    [InlineData(2)]
    [InlineData(24)]
    [InlineData(24 * 365 * 74)]
    public async Task A_record_dated_ahead_of_the_clock_does_not_lead_a_look_up_by_time_astray(int hours)
    {
        var start = Fixture.Clock.GetUtcNow();
        await AppendNowAsync("a");
        await Log.AppendAsync(Orders0, Batch.At(start.AddHours(hours).ToUnixTimeMilliseconds(), "ahead"));
        for (var minute = 10; minute <= 200; minute += 10)
        {
            Fixture.Clock.Advance(TimeSpan.FromMinutes(10));
            await AppendNowAsync($"{minute}");
        }

        for (var again = 0; again < 2; again++)
        {
            Assert.Equal(0, await Log.FindOffsetAsync(Orders0, start));
            Assert.Equal(1, await Log.FindOffsetAsync(Orders0, start.AddTicks(1)));
            Assert.Equal(2, await Log.FindOffsetAsync(Orders0, start.AddMinutes(5)));
            Assert.Equal(12, await Log.FindOffsetAsync(Orders0, start.AddMinutes(110)));
            Assert.Equal(21, await Log.FindOffsetAsync(Orders0, start.AddMinutes(200)));
            Assert.Equal(22, await Log.FindOffsetAsync(Orders0, start.AddMinutes(201)));
            Assert.Equal(22, await Log.FindOffsetAsync(Orders0, start.AddHours(hours).AddMinutes(201)));
            await Fixture.ReopenAsync();
        }
    }

    [StoreFact]
    public async Task A_record_of_a_clock_that_is_a_little_ahead_is_found_by_its_time()
    {
        var ahead = Fixture.Clock.GetUtcNow().AddSeconds(59);
        await AppendNowAsync("a");
        await Log.AppendAsync(Orders0, Batch.At(ahead.ToUnixTimeMilliseconds(), "ahead"));

        Assert.Equal(1, await Log.FindOffsetAsync(Orders0, ahead));
        Assert.Equal(2, await Log.FindOffsetAsync(Orders0, ahead.AddTicks(1)));
    }

    private Task AppendNowAsync(string value) =>
        Log.AppendAsync(Orders0, Batch.At(Fixture.Clock.GetUtcNow().ToUnixTimeMilliseconds(), value)).AsTask();
}
