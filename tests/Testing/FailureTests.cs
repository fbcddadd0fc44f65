namespace Orleans.Pipeline.Testing.Tests;

public sealed class FailureTests
{
    [Fact]
    public void A_failing_step_is_tried_again_when_the_clock_has_passed_its_wait()
    {
        var attempts = 0;
        using var test = PipelineTest.For(catalog => catalog.Add("flaky", pipeline => pipeline
            .Retry(new RetrySettings { Attempts = 3, Delay = TimeSpan.FromMinutes(10), MaximumDelay = TimeSpan.FromHours(1) })
            .From<long>("in", partitions: 1)
            .Map(number => ++attempts < 3 ? throw new TimeoutException("not now") : number)
            .To(Table.Insert<long>("out").Column("number", number => number))));

        test.Send("in", null, 7L);
        Assert.Equal(1, attempts);

        test.AdvanceBy(TimeSpan.FromMinutes(12.5));
        Assert.Equal(2, attempts);
        Assert.Empty(test.Table("out").Rows);

        test.AdvanceBy(TimeSpan.FromMinutes(25));
        Assert.Equal("number=7", test.Table("out").ToString());
    }

    [Fact]
    public void Dead_letters_are_listed_and_replayed_once_or_discarded()
    {
        var isFixed = false;
        using var test = PipelineTest.For(catalog => catalog.Add("strict", pipeline => pipeline
            .From<long>("in", partitions: 2)
            .Map(number => isFixed ? number : throw new PermanentException($"{number} is wrong"), "check")
            .To(Table.Add<long>("sums").Key("all", _ => "all").Sum("sum", number => number))));
        test.Send("in", null, 1L);
        test.Send("in", null, 2L, partition: 1);
        test.SendBytes("in", null, "no number"u8.ToArray());

        Assert.Equal(["1 is wrong", "2 is wrong"], test.DeadLetters("strict").Where(letter => letter.Step == "check").Select(letter => letter.ErrorMessage));

        isFixed = true;
        Assert.Equal(2, test.Replay("strict", new DeadLetterFilter { Step = "check" }));
        Assert.Equal("all=all, sum=3", test.Table("sums").ToString());
        Assert.Equal("Deserialize", Assert.Single(test.DeadLetters("strict")).Step);
        Assert.Equal(1, test.Discard("strict"));
        Assert.Empty(test.DeadLetters("strict"));
    }

    [Fact]
    public void A_seek_processes_the_records_again()
    {
        using var test = PipelineTest.For(Checkout.Define);
        test.Send("purchases", "ann", new Purchase("ann", "NL", 100));

        test.Seek("checkout", SeekTarget.Start);

        Assert.Equal("country=NL, cents=200", test.Table("sales").ToString());
    }

    [Fact]
    public void A_seek_to_a_time_skips_what_is_older()
    {
        using var test = PipelineTest.For(Checkout.Define);
        test.Send("purchases", "ann", new Purchase("ann", "NL", 100));
        test.AdvanceBy(TimeSpan.FromDays(1));
        test.Send("purchases", "ann", new Purchase("ann", "NL", 1));

        test.Seek("checkout", SeekTarget.At(test.Now));

        Assert.Equal("country=NL, cents=102", test.Table("sales").ToString());
    }

    [Theory]
    [InlineData(PipelineCall.Commit)]
    [InlineData(PipelineCall.Steps)]
    [InlineData(PipelineCall.Read)]
    [InlineData(PipelineCall.TakeOver)]
    public void A_call_that_fails_or_whose_answer_is_lost_is_tried_again_and_takes_effect_once(PipelineCall call)
    {
        using var test = PipelineTest.For(Checkout.Define);
        test.Fail(call, times: 20);
        test.LoseAnswer(call, times: 20);

        test.Send("purchases", "ann", new Purchase("ann", "NL", 100));
        test.Restart();
        test.Send("purchases", "ann", new Purchase("ann", "NL", 1));

        Assert.Equal("country=NL, cents=101", test.Table("sales").ToString());
        Assert.Equal(test.Now, test.Clock.GetUtcNow());
    }

    [Theory]
    [InlineData(PipelineCall.Commit)]
    [InlineData(PipelineCall.Deliver)]
    [InlineData(PipelineCall.OpenSink)]
    [InlineData(PipelineCall.Read)]
    [InlineData(PipelineCall.Steps)]
    [InlineData(PipelineCall.TakeOver)]
    public void A_call_that_fails_without_end_fails_the_test_with_its_error(PipelineCall call)
    {
        using var test = PipelineTest.For(catalog => catalog.Add("kept", pipeline => pipeline.From<long>("in", partitions: 1).To(new Kept())));
        test.Fail(call, times: 100, new IOException("gone"));
        test.LoseAnswer(call, times: 100, new IOException("gone"));

        var failure = Assert.Throws<PipelineTestException>(() =>
        {
            test.Send("in", null, 5L);
            test.Restart();
        });

        Assert.Equal("Task kept/in/0 has tried 100 times, and would try for ever. The last error: gone", failure.Message);
    }

    [Fact]
    public void A_sink_that_fails_is_given_the_same_values_again()
    {
        var sink = new Kept();
        using var test = PipelineTest.For(catalog => catalog.Add("kept", pipeline => pipeline.From<long>("in", partitions: 1).To(sink)));
        test.Fail(PipelineCall.OpenSink);
        test.Fail(PipelineCall.Deliver, error: new IOException("down"));
        test.LoseAnswer(PipelineCall.Deliver);

        test.Send("in", null, 5L);

        Assert.Equal(["kept/in/0/0-1: 5", "kept/in/0/0-1: 5"], sink.Deliveries);
    }

    [Fact]
    public void A_new_process_continues_from_the_committed_offsets_with_steps_of_its_own()
    {
        using var test = PipelineTest.For(catalog =>
        {
            var seen = 0;
            catalog.Add("counting", pipeline => pipeline.From<long>("in", partitions: 1)
                .Map(number => $"{number} is number {++seen}")
                .To(Table.Insert<string>("out").Column("text", text => text)));
        });

        test.Send("in", null, 7L);
        test.Restart();
        test.Send("in", null, 8L);

        Assert.Equal("text=7 is number 1\ntext=8 is number 1", test.Table("out").ToString());
    }

    [Fact]
    public void A_sink_that_never_succeeds_fails_the_test_with_its_error()
    {
        using var test = PipelineTest.For(catalog => catalog.Add("broken", pipeline => pipeline.From<long>("in", partitions: 1).To(new Broken())));

        var failure = Assert.Throws<PipelineTestException>(() => test.Send("in", null, 5L));

        Assert.Equal("Task broken/in/0 has tried 100 times, and would try for ever. The last error: the disk is on fire", failure.Message);
    }

    private sealed class Kept : ISink<long>
    {
        public List<string> Deliveries { get; } = [];

        public ValueTask WriteAsync(Delivery<long> delivery, CancellationToken cancellationToken)
        {
            Deliveries.Add($"{delivery.Id}: {string.Join(' ', delivery.Values.Select(value => value.Value))}");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Broken : ISink<long>
    {
        public ValueTask WriteAsync(Delivery<long> delivery, CancellationToken cancellationToken) => throw new IOException("the disk is on fire");
    }
}
