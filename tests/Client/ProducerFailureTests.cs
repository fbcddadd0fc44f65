namespace Orleans.Pipeline.Client.Tests;

/// <summary>What a producer does with a batch that will not come in, and with those behind it.</summary>
public sealed class ProducerFailureTests
{
    private static readonly StoreUnavailableException Unavailable = new("The disk is full.");

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
        var bench =
            new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromSeconds(1) });
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
        var bench =
            new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromSeconds(1) });
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
        var bench =
            new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromSeconds(1) });
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
        Assert.Contains("Producer 'billing' cannot continue", failure.Message, StringComparison.Ordinal);
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
