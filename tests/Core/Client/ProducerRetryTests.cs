using Orleans.Pipeline.Client;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Core.Tests.Client;

/// <summary>What a producer does when the log does not simply say yes.</summary>
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
    public void Several_batches_are_in_flight_and_one_that_overtakes_another_is_sent_again_after_it()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero });
        bench.Log.IsHolding = true;
        var sends = Enumerable.Range(0, 7).Select(number => bench.Send("k", $"{number}")).ToList();
        Assert.Equal(5, bench.Log.Appends.Count);

        bench.Answer(held: 1);
        Assert.Equal(5, bench.Log.Appends.Count);
        bench.Answer(held: 0);
        Assert.Equal([0, 1, 2, 3, 4, 1, 5], bench.Log.Appends.Select(append => append.Batch.BaseSequence));
        bench.Answer(held: 3);
        for (var batch = 0; batch < 10 && !sends[6].IsCompleted; batch++)
        {
            bench.Answer();
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"{number}"), bench.Log.Partitions[0].Values);
        Assert.Equal(Enumerable.Range(0, 7), sends.Select(send => (int)send.Value.Offset));
    }

    [Fact]
    public void A_batch_appended_out_of_turn_keeps_its_place_until_the_one_before_it_is_acknowledged()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero });
        bench.Log.IsHolding = true;
        var sends = Enumerable.Range(0, 7).Select(number => bench.Send("k", $"{number}")).ToList();

        bench.Log.Fail(Unavailable, hasEffect: true);
        for (var batch = 0; batch < 5; batch++)
        {
            bench.Answer();
        }

        Assert.True(sends[4].IsDone);
        Assert.Equal(5, bench.Log.Appends.Count);
        bench.Pass(milliseconds: 120);
        bench.Answer();
        Assert.Equal(0, sends[0].Value.Offset);
    }

    [Fact]
    public void A_batch_that_is_not_acknowledged_in_time_fails_and_says_whether_it_may_be_in_the_log()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, MaximumInFlight = 1, DeliveryTimeout = TimeSpan.FromSeconds(10) });
        bench.Log.IsHolding = true;
        var sent = bench.Send("k", "sent");
        var waiting = bench.Send("k", "waiting");

        bench.Pass(TimeSpan.FromSeconds(10));

        Assert.True((Assert.IsType<DeliveryException>(sent.Error)).MayHaveBeenAppended);
        Assert.False((Assert.IsType<DeliveryException>(waiting.Error)).MayHaveBeenAppended);
        Assert.Equal(0, bench.Producer.BufferedBytes);
    }

    [Fact]
    public void A_refused_batch_fails_with_the_reason_and_the_batches_behind_it_go_on_under_a_new_identity()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero });
        bench.Log.IsHolding = true;
        var sends = Enumerable.Range(0, 4).Select(number => bench.Send("k", $"{number}")).ToList();

        bench.Answer();
        bench.Log.Fail(new UnknownTopicException("orders"));
        bench.Answer();
        bench.Log.IsHolding = false;
        bench.Answer();
        bench.Answer();

        Assert.IsType<UnknownTopicException>(sends[1].Error);
        Assert.Equal(["0", "2", "3"], bench.Log.Partitions[0].Values);
        Assert.Equal([0, 1, 2], new[] { sends[0], sends[2], sends[3] }.Select(send => (int)send.Value.Offset));
        Assert.Equal([null, null], bench.Log.Opened);
        Assert.Equal([(1L, 0), (1L, 1)], bench.Log.Appends.TakeLast(2).Select(append => (append.Batch.ProducerId, append.Batch.BaseSequence)));
    }

    [Fact]
    public void A_producer_with_a_name_takes_no_new_identity_and_fails_what_comes_after()
    {
        var bench = new ProducerBench(configure: settings => settings with { Name = "billing" });
        bench.Log.Fail(new UnknownTopicException("orders"));
        var refused = bench.Send("k", "refused");
        bench.Pass(milliseconds: 5);
        var next = bench.Send("k", "next");
        bench.Pass(milliseconds: 5);

        Assert.IsType<UnknownTopicException>(refused.Error);
        var failure = Assert.IsType<DeliveryException>(next.Error);
        Assert.False(failure.MayHaveBeenAppended);
        Assert.Contains("Producer 'billing' cannot go on", failure.Message, StringComparison.Ordinal);
        Assert.Throws<DeliveryException>(() => bench.Send("k", "late"));
        Assert.Equal(["billing"], bench.Log.Opened);
        Assert.Equal(0, bench.Producer.BufferedBytes);
    }

    [Fact]
    public void A_fenced_producer_fails_every_further_send()
    {
        var bench = new ProducerBench();
        bench.Log.Fail(new ProducerFencedException(new("orders", 0), producerId: 0, epoch: 0, newest: 1));
        var fenced = bench.Send("k", "a");
        bench.Pass(milliseconds: 5);

        Assert.IsType<ProducerFencedException>(fenced.Error);
        Assert.Throws<ProducerFencedException>(() => bench.Send("k", "b"));
    }

    [Fact]
    public void A_log_that_forgot_the_producer_gets_the_records_under_a_new_identity()
    {
        var bench = new ProducerBench();
        bench.Send("k", "a");
        bench.Pass(milliseconds: 5);

        bench.Log.Partitions[0].ForgetProducers();
        var send = bench.Send("k", "b");
        bench.Pass(milliseconds: 5);

        Assert.Equal(1, send.Value.Offset);
        Assert.Equal(["a", "b"], bench.Log.Partitions[0].Values);
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

    [Fact]
    public void A_flush_reports_the_failure_of_enqueued_records_once()
    {
        var bench = new ProducerBench();
        bench.Log.Fail(new UnknownTopicException("orders"));
        bench.Enqueue("k", "a");
        bench.Enqueue("k", "b");

        var failure = Assert.IsType<FlushException>(bench.Flush().Error);

        Assert.Equal(2, failure.Records);
        Assert.IsType<UnknownTopicException>(failure.InnerException);
        Assert.True(bench.Flush().IsDone);
    }
}
