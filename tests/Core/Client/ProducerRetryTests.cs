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
    public void Several_batches_are_in_flight_and_one_that_overtakes_another_is_sent_again_after_it()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero });
        bench.Log.IsHolding = true;
        var sends = Enumerable.Range(0, 7).Select(number => bench.Send("k", $"{number}")).ToList();
        Assert.Equal(5, bench.Log.Appends.Count);

        bench.Answer(held: 1);
        Assert.Equal(5, bench.Log.Appends.Count);
        bench.Answer(held: 0);
        Assert.Equal([0, 1, 2, 3, 4, 1], bench.Log.Appends.Select(append => append.Batch.BaseSequence));
        bench.Answer(held: 3);
        for (var batch = 0; batch < 10 && !sends[6].IsCompleted; batch++)
        {
            bench.Answer();
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"{number}"), bench.Log.Partitions[0].Values);
        Assert.Equal(Enumerable.Range(0, 7), sends.Select(send => (int)send.Value.Offset));
    }

    [Fact]
    public void Where_batches_overtake_each_other_fewer_are_in_flight_until_enough_came_in_order()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, MaximumInFlight = 4 });
        bench.Log.IsHolding = true;
        for (var number = 0; number < 4; number++)
        {
            bench.Send("k", $"{number}");
        }

        bench.Answer(held: 1);
        bench.Log.IsHolding = false;
        for (var held = 0; held < 3; held++)
        {
            bench.Answer();
        }

        Assert.Equal(2, MostInFlight(bench));
        for (var number = 0; number < 100; number++)
        {
            bench.Send("k", $"{number}");
        }

        Assert.Equal(4, MostInFlight(bench));
    }

    [Fact]
    public void A_gap_that_was_answered_while_the_batch_before_it_was_acknowledged_is_not_believed()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, Name = "billing" });
        bench.Log.IsHolding = true;
        var sends = new[] { bench.Send("k", "0"), bench.Send("k", "1") };

        bench.Answer();
        bench.Log.Fail(new SequenceGapException(new("orders", 0), producerId: 0, expected: 0, actual: 1));
        bench.Answer();
        bench.Answer();

        Assert.Equal([0L, 1L], sends.Select(send => send.Value.Offset));
        Assert.Single(bench.Log.Opened);
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
    public void A_refused_batch_fails_with_the_reason_and_the_batches_behind_it_go_on_under_the_next_epoch()
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
        Assert.Equal([null], bench.Log.Opened);
        Assert.Equal(
            [(0L, 1, 0), (0L, 1, 1)],
            bench.Log.Appends.TakeLast(2).Select(append => (append.Batch.ProducerId, (int)append.Batch.ProducerEpoch, append.Batch.BaseSequence)));
    }

    [Fact]
    public void A_batch_behind_a_failed_one_is_not_sent_under_the_next_epoch_if_it_may_be_in_the_log()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromSeconds(1) });
        bench.Log.IsHolding = true;
        var first = bench.Send("k", "first");
        bench.Pass(milliseconds: 600);
        var second = bench.Send("k", "second");
        bench.Log.IsHolding = false;
        for (var failure = 0; failure < 4; failure++)
        {
            bench.Log.Fail(Unavailable);
        }

        bench.Answer();
        bench.Answer();
        bench.Pass(milliseconds: 400);

        Assert.True(Assert.IsType<DeliveryException>(first.Error).MayHaveBeenAppended);
        bench.Pass(milliseconds: 400);
        Assert.True(Assert.IsType<DeliveryException>(second.Error).MayHaveBeenAppended);
        Assert.Contains("a batch before them failed", second.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Send("k", "third").Value.Offset);
    }

    [Fact]
    public void A_batch_refused_behind_a_failed_one_is_asked_for_once_more_if_it_may_be_in_the_log()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromSeconds(1) });
        bench.Log.IsHolding = true;
        bench.Send("k", "first");
        var second = bench.Send("k", "second");
        bench.Pass(milliseconds: 300);
        var third = bench.Send("k", "third");
        foreach (var lost in new[] { 1, 1 })
        {
            bench.Log.Fail(Unavailable);
            bench.Answer(lost);
        }

        bench.Answer();
        bench.Pass(milliseconds: 120);
        bench.Answer(held: 1);
        bench.Log.IsHolding = false;
        bench.Pass(milliseconds: 600);

        Assert.IsType<DeliveryException>(second.Error);
        Assert.True(Assert.IsType<DeliveryException>(third.Error).MayHaveBeenAppended);
        Assert.Equal(["first"], bench.Log.Partitions[0].Values);
    }

    [Fact]
    public void A_batch_that_was_given_up_does_not_come_in_behind_a_later_one()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromSeconds(1) });
        bench.Log.IsHolding = true;
        var givenUp = bench.Send("k", "given up");
        bench.Pass(milliseconds: 1100);
        bench.Log.IsHolding = false;
        var later = bench.Send("k", "later");
        bench.Answer();

        Assert.True(Assert.IsType<DeliveryException>(givenUp.Error).MayHaveBeenAppended);
        Assert.Equal(0, later.Value.Offset);
        Assert.Equal(["later"], bench.Log.Partitions[0].Values);
    }

    [Fact]
    public void After_the_last_epoch_a_producer_goes_on_under_another_id()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero });
        bench.Log.FirstEpoch = short.MaxValue;
        bench.Log.Fail(new UnknownTopicException("orders"));
        bench.Send("k", "refused");

        Assert.Equal(0, bench.Send("k", "next").Value.Offset);
        Assert.Equal(1, bench.Log.Appends[^1].Batch.ProducerId);
    }

    [Fact]
    public void A_producer_with_a_name_does_not_raise_its_epoch_and_fails_what_comes_after()
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
    public void A_log_that_forgot_the_producer_gets_the_records_under_the_next_epoch()
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

    /// <summary>Sends more than may be in flight, counts what is, and lets it through.</summary>
    private static int MostInFlight(ProducerBench bench)
    {
        bench.Log.IsHolding = true;
        var before = bench.Log.Appends.Count;
        for (var number = 0; number < 10; number++)
        {
            bench.Send("k", $"{number}");
        }

        var inFlight = bench.Log.Appends.Count - before;
        bench.Log.IsHolding = false;
        for (var held = 0; held < inFlight; held++)
        {
            bench.Answer();
        }

        return inFlight;
    }
}
