namespace Orleans.Pipeline.Client.Tests;

/// <summary>How a producer asks again: what a log cannot take now, or pushes back.</summary>
public sealed class ProducerRetryTests
{
    private static readonly StoreUnavailableException Unavailable = new("The disk is full.");

    [Fact]
    public void A_retry_sends_the_same_bytes_and_a_repeat_counts_as_success_with_the_first_offsets()
    {
        var bench = new ProducerBench();
        bench.Log.Fail(Unavailable, hasEffect: true);
        var send = bench.Send("k", "a");

        bench.Pass(milliseconds: 5);
        Assert.False(send.IsCompleted);
        bench.Pass(milliseconds: 120);

        Assert.Equal(2, bench.Log.Appends.Count);
        Assert.True(bench.Log.Appends[0].Batch.Bytes.Span.SequenceEqual(bench.Log.Appends[1].Batch.Bytes.Span));
        Assert.Equal("orders/0@0", send.Value.ToString());
        Assert.Equal(["a"], bench.Log.Partitions[0].Values);
    }

    [Fact]
    public void Retries_wait_twice_as_long_each_time_give_or_take_a_fifth()
    {
        var bench = new ProducerBench();
        for (var failure = 0; failure < 4; failure++)
        {
            bench.Log.Fail(Unavailable);
        }

        bench.Send("k", "a");
        bench.Pass(milliseconds: 5);
        foreach (var wait in new[] { 100, 200, 400, 800 })
        {
            var appends = bench.Log.Appends.Count;
            bench.Pass(milliseconds: wait * 0.79);
            Assert.Equal(appends, bench.Log.Appends.Count);
            bench.Pass(milliseconds: wait * 0.42);
            Assert.Equal(appends + 1, bench.Log.Appends.Count);
        }
    }

    [Fact]
    public void A_retry_waits_as_long_as_the_other_side_says_and_is_counted()
    {
        var bench = new ProducerBench();
        bench.Log.Fail(new StoreUnavailableException("The gateway restarts.") { RetryAfter = TimeSpan.FromSeconds(2) });
        var send = bench.Send("k", "a");
        bench.Pass(milliseconds: 5);

        bench.Pass(milliseconds: 1_990);
        Assert.Single(bench.Log.Appends);
        Assert.Equal(0, bench.Producer.RetryCount);
        bench.Pass(milliseconds: 10);

        Assert.True(send.IsDone);
        Assert.Equal(1, bench.Producer.RetryCount);
    }

    [Fact]
    public void A_producer_that_is_pushed_back_before_it_is_open_waits_and_tells_and_does_not_count_the_wait()
    {
        var bench = new ProducerBench(configure: settings => settings with { DeliveryTimeout = TimeSpan.FromSeconds(1) });
        var told = new List<BackpressureException>();
        bench.Producer.PushedBack += told.Add;
        bench.Log.OpeningFault = new BackpressureException("orders", "the caller asks too often", TimeSpan.FromSeconds(5));
        var send = bench.Send("k", "a");

        bench.Pass(TimeSpan.FromSeconds(12));
        Assert.Equal(3, told.Count);
        Assert.False(send.IsCompleted);
        bench.Log.OpeningFault = null;
        bench.Pass(TimeSpan.FromSeconds(4));

        Assert.Equal("orders/0@0", send.Value.ToString());
        Assert.Equal(3, bench.Producer.PushedBackCount);
    }

    [Fact]
    public void A_push_back_is_waited_for_and_reported_and_does_not_count_for_the_delivery_timeout()
    {
        var bench = new ProducerBench(configure: settings => settings with { DeliveryTimeout = TimeSpan.FromSeconds(1) });
        var reported = new List<TimeSpan>();
        bench.Producer.PushedBack += pushedBack => reported.Add(pushedBack.RetryAfter);
        var wait = TimeSpan.FromSeconds(3);
        bench.Log.Fail(new BackpressureException("orders", "its lag is 12, over its limit of 10", wait));
        bench.Log.Fail(new BackpressureException("orders", "its lag is 11, over its limit of 10", wait));
        var send = bench.Send("k", "a");
        bench.Pass(milliseconds: 5);
        var behind = bench.Send("k", "b");

        bench.Pass(wait - TimeSpan.FromMilliseconds(1));
        Assert.Single(bench.Log.Appends);
        bench.Pass(milliseconds: 1);
        Assert.Equal(2, bench.Log.Appends.Count);
        bench.Pass(wait);

        Assert.True(send.IsDone);
        Assert.True(behind.IsDone);
        Assert.Equal([wait, wait], reported);
        Assert.Equal(2, bench.Producer.PushedBackCount);
    }

    [Fact]
    public void Disposing_while_pushed_back_ends_with_the_delivery_timeout()
    {
        var bench = new ProducerBench(configure: settings => settings with { DeliveryTimeout = TimeSpan.FromSeconds(2) });
        for (var append = 0; append < 10; append++)
        {
            bench.Log.Fail(new BackpressureException("orders", "its lag is over its limit", TimeSpan.FromSeconds(1)));
        }

        bench.Enqueue("k", "a");
        var disposal = bench.Dispose();
        for (var second = 0; second < 3; second++)
        {
            bench.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, (Assert.IsType<FlushException>(disposal.Error)).Records);
    }
}
