namespace Orleans.Pipeline.Client.Tests;

/// <summary>What a producer does when batches in flight overtake each other.</summary>
public sealed class ProducerOrderTests
{
    private static readonly StoreUnavailableException Unavailable = new("The disk is full.");

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
