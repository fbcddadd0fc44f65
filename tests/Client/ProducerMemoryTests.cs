namespace Orleans.Pipeline.Client.Tests;

/// <summary>How a producer bounds its memory.</summary>
public sealed class ProducerMemoryTests
{
    private const int RecordBytes = 1 + 100 + 36;

    [Fact]
    public void A_send_over_the_bound_waits_until_a_batch_is_acknowledged_and_order_is_kept()
    {
        var bench = Bench();
        bench.Log.IsHolding = true;
        var sends = Enumerable.Range(0, 6).Select(number => bench.Send("k", Value(number))).ToList();

        Assert.InRange(bench.Producer.BufferedBytes, 2 * RecordBytes, 3 * RecordBytes);
        while (!sends[5].IsCompleted)
        {
            Assert.InRange(bench.Producer.BufferedBytes, 1, 3 * RecordBytes);
            bench.Answer();
        }

        Assert.Equal(Enumerable.Range(0, 6), sends.Select(send => (int)send.Value.Offset));
        Assert.Equal(Enumerable.Range(0, 6).Select(Value), bench.Log.Partitions[0].Values);
        Assert.Equal(0, bench.Producer.BufferedBytes);
    }

    [Fact]
    public void An_enqueue_over_the_bound_completes_when_there_is_room()
    {
        var bench = Bench();
        bench.Log.IsHolding = true;
        var enqueued = Enumerable.Range(0, 4).Select(number => bench.Enqueue("k", Value(number))).ToList();

        Assert.Equal([true, true, true, false], enqueued.Select(task => task.IsCompleted));
        bench.Answer();
        Assert.True(enqueued[3].IsDone);
    }

    [Fact]
    public void Who_waits_for_room_does_not_wait_for_linger()
    {
        var bench = Bench(linger: TimeSpan.FromHours(1));

        for (var number = 0; number < 10; number++)
        {
            bench.Send("k", Value(number));
        }

        Assert.True(bench.Log.Partitions[0].Values.Count >= 7);
    }

    [Fact]
    public void A_record_larger_than_the_bound_is_taken_alone()
    {
        var bench = Bench(linger: TimeSpan.Zero);
        bench.Send("k", "start");

        var large = bench.Send("k", new string('x', 5 * RecordBytes));

        Assert.True(large.IsDone);
    }

    [Fact]
    public void A_cancelled_wait_for_room_sends_nothing_and_lets_the_next_one_in()
    {
        var bench = Bench();
        bench.Log.IsHolding = true;
        for (var number = 0; number < 3; number++)
        {
            bench.Send("k", Value(number));
        }

        using var cancellation = new CancellationTokenSource();
        var cancelled = bench.Send("k", Value(3), cancellation.Token);
        var next = bench.Send("k", Value(4));
        cancellation.Cancel();
        while (!next.IsCompleted)
        {
            bench.Answer();
        }

        Assert.IsType<OperationCanceledException>(cancelled.Error);
        Assert.Equal(new[] { 0, 1, 2, 4 }.Select(Value), bench.Log.Partitions[0].Values);
    }

    [Fact]
    public void A_flush_waits_for_records_that_wait_for_room()
    {
        var bench = Bench();
        bench.Log.IsHolding = true;
        for (var number = 0; number < 6; number++)
        {
            bench.Send("k", Value(number));
        }

        var flush = bench.Flush();
        for (var answer = 0; answer < 20 && !flush.IsCompleted; answer++)
        {
            Assert.NotEqual(6, bench.Log.Partitions[0].Values.Count);
            bench.Answer();
        }

        Assert.True(flush.IsDone);
        Assert.Equal(6, bench.Log.Partitions[0].Values.Count);
    }

    private static string Value(int number) => $"{number}".PadRight(100, '.');

    private static ProducerBench Bench(TimeSpan? linger = null) => new(configure: settings => settings with
    {
        Linger = linger ?? settings.Linger,
        MaximumMemoryBytes = 3 * RecordBytes,
    });
}
