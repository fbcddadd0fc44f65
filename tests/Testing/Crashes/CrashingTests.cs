namespace Orleans.Pipeline.Testing.Tests.Crashes;

public sealed class CrashingTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_pipeline_whose_steps_are_pure_ends_the_same_wherever_it_crashes(int? seed)
    {
        var report = PipelineTest.For(Checkout.Define).Crashing(
            test =>
            {
                test.Send("purchases", "ann", new Purchase("ann", "NL", 100));
                test.Send("purchases", "bob", new Purchase("bob", "BE", 20));
                test.Send("purchases", "ann", new Purchase("ann", "NL", 0));
                test.Send("purchases", "ann", new Purchase("ann", "BE", 3));

                Assert.Equal("country=BE, cents=23\ncountry=NL, cents=100", test.Table("sales").ToString());
                Assert.Single(test.DeadLetters("checkout"));
            },
            seed);

        Assert.True(report.Calls > 30, $"{report.Calls} calls");
        Assert.Equal(report.Calls * 5, report.Runs);
    }

    [Fact]
    public void Retries_replays_seeks_and_restarts_end_the_same_wherever_they_crash()
    {
        var isFixed = false;
        PipelineTest.For(catalog => catalog.Add("flaky", pipeline => pipeline
            .From<long>("in", partitions: 2)
            .Map((number, context) => (number, context.Attempt) switch
            {
                (3, < 3) => throw new TimeoutException("not now"),
                (4, _) when !isFixed => throw new PermanentException("not four"),
                _ => number,
            })
            .To(Table.Add<long>("sums").Key("all", _ => "all").Sum("sum", number => number))
            .To(Sink.Topic("out")))).Crashing(test =>
        {
            isFixed = false;
            test.Send("in", "a", 3L);
            Assert.Empty(test.Table("sums").Rows);
            test.Send("in", "b", 4L);
            test.AdvanceBy(TimeSpan.FromSeconds(1));
            Assert.Equal("all=all, sum=3", test.Table("sums").ToString());

            isFixed = true;
            test.Replay("flaky");
            test.Restart();
            test.Seek("flaky", SeekTarget.Start);
            test.AdvanceBy(TimeSpan.FromSeconds(1));
            test.Send("in", "a", 5L);
        });
    }

    [Fact]
    public void A_sink_that_drops_what_it_has_by_task_and_offset_ends_the_same_wherever_it_crashes()
    {
        var sink = new Letterbox();
        CrashLetters(sink, sink.Clear, () => sink.Letters);
    }

    [Fact]
    public void A_sink_that_ignores_delivery_ids_is_shown_with_the_place_and_with_what_came_twice()
    {
        var sink = new Careless();

        var difference = Assert.Throws<CrashDifferenceException>(() => CrashLetters(sink, sink.Letters.Clear, () => sink.Letters));

        Assert.Equal("the delivery of offsets 0 to 1 to Careless of task letters/in/0 took effect, and its answer was lost, during SendAll(\"in\"), call 1 of the test", difference.Place);
        Assert.Equal(["'letters' has 'one' 2 times instead of 1", "'letters' has 'two' 2 times instead of 1"], difference.Differences);
        Assert.Equal(
            ["Careless was given 'one', offset 0 of letters/in/0, 2 times", "Careless was given 'two', offset 1 of letters/in/0, 2 times"],
            difference.CameAgain);
        Assert.Contains($"Crashing(…, run: {difference.Run})", difference.Message, StringComparison.Ordinal);
        Assert.Contains(difference.CameAgain[0], difference.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_repeated_alone_by_its_number()
    {
        var sink = new Careless();
        var run = Assert.Throws<CrashDifferenceException>(() => CrashLetters(sink, sink.Letters.Clear, () => sink.Letters)).Run;

        var alone = Assert.Throws<CrashDifferenceException>(() => CrashLetters(sink, sink.Letters.Clear, () => sink.Letters, run));

        Assert.Equal(run, alone.Run);
        CrashLetters(sink, sink.Letters.Clear, () => sink.Letters, run: 1);
    }

    [Fact]
    public void A_sink_that_takes_an_id_for_a_whole_delivery_is_caught_when_it_comes_again_with_other_bounds()
    {
        var sink = new ById();

        var difference = Assert.Throws<CrashDifferenceException>(() => CrashLetters(sink, sink.Clear, () => sink.Letters));

        Assert.Contains("2 times instead of 1", difference.Differences[0], StringComparison.Ordinal);
        Assert.Contains("another process had taken the task over", difference.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_static_counter_is_caught()
    {
        var difference = Assert.Throws<CrashDifferenceException>(() => PipelineTest.For(catalog => catalog.Add("counting", pipeline => pipeline
            .From<long>("in", partitions: 1)
            .Map(number => $"{number} is number {Counter.Next()}")
            .To(Table.Insert<string>("out").Column("text", text => text)))).Crashing(test => test.Send("in", null, 7L)));

        Assert.Contains("table 'out' has 'text=7 is number 2', which the undisturbed run has not", difference.Differences);
        Assert.Contains("a static field", difference.Message, StringComparison.Ordinal);
        Assert.Null(difference.Run);
    }

    [Fact]
    public void A_counter_in_the_memory_of_a_process_is_caught()
    {
        var difference = Assert.Throws<CrashDifferenceException>(() => PipelineTest.For(catalog =>
        {
            var seen = 0;
            catalog.Add("counting", pipeline => pipeline.From<long>("in", partitions: 1)
                .Map(number => $"{number} is number {++seen}")
                .To(Table.Insert<string>("out").Column("text", text => text)));
        }).Crashing(test => test.Send("in", null, 7L)));

        Assert.Equal("the steps of offset 0 of task counting/in/0 took effect, and its answer was lost, during Send(\"in\", null), call 1 of the test", difference.Place);
        Assert.Equal(["table 'out' has 'text=7 is number 2', which the undisturbed run has not", "table 'out' lacks 'text=7 is number 1'"], difference.Differences);
    }

    [Fact]
    public void Records_of_a_key_that_come_in_another_order_are_caught()
    {
        var difference = Assert.Throws<CrashDifferenceException>(() => PipelineTest.For(catalog =>
        {
            var calls = 0;
            catalog.Add("splitting", pipeline => pipeline.From<long>("in", partitions: 1)
                .FlatMap(number => calls++ % 2 == 0 ? (long[])[number, -number] : [-number, number])
                .To(Sink.Topic("out"), _ => "a"));
        }).Crashing(test => test.Send("in", null, 7L)));

        Assert.StartsWith("the records of key 'a' in topic 'out' come in another order: a: -7 at", Assert.Single(difference.Differences), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_reads_the_clock_of_its_services_is_caught()
    {
        var difference = Assert.Throws<CrashDifferenceException>(() => PipelineTest
            .For(catalog => catalog.Add("stamping", pipeline => pipeline.From("in", partitions: 1).Step<Stamp, DateTimeOffset>()
                .To(Table.Insert<DateTimeOffset>("out").Column("at", time => time))))
            .Crashing(test => test.Send("in", null, "anything")));

        Assert.StartsWith("the steps of offset 0", difference.Place, StringComparison.Ordinal);
        Assert.Contains("table 'out' lacks 'at=2000-01-01T00:00:00.0000000+00:00'", difference.Differences);
    }

    [Fact]
    public void A_step_that_reads_the_real_clock_is_caught()
    {
        var difference = Assert.Throws<CrashDifferenceException>(() => PipelineTest
            .For(catalog => catalog.Add("stamping", pipeline => pipeline.From("in", partitions: 1).Map(_ => DateTime.UtcNow.Ticks)
                .To(Table.Insert<long>("out").Column("at", ticks => ticks))))
            .Crashing(test => test.Send("in", null, "anything")));

        Assert.Contains("reads the real clock", difference.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_that_fails_undisturbed_fails_with_its_own_error() => Assert.Throws<InvalidTimeZoneException>(() =>
        PipelineTest.For(Checkout.Define).Crashing(_ => throw new InvalidTimeZoneException()));

    [Fact]
    public void A_test_that_fails_only_after_a_crash_is_shown_with_the_place_and_its_error()
    {
        var sink = new Careless();

        var difference = Assert.Throws<CrashDifferenceException>(() =>
            PipelineTest.For(catalog => catalog.Add("letters", pipeline => pipeline.From("in", Serializers.Text, partitions: 1).To(sink))).Crashing(test =>
            {
                sink.Letters.Clear();
                test.Send("in", "a", "one");
                Assert.Equal(["one"], sink.Letters);
            }));

        Assert.StartsWith("the test fails: Assert.Equal() Failure", difference.Differences[0], StringComparison.Ordinal);
        Assert.IsType<Xunit.Sdk.EqualException>(difference.InnerException);
        Assert.NotEmpty(difference.CameAgain);
    }

    private static void CrashLetters(ISink<string> sink, Action clear, Func<IEnumerable<string>> letters, int? run = null) => PipelineTest
        .For(catalog => catalog.Add("letters", pipeline => pipeline.From("in", Serializers.Text, partitions: 1).To(sink)))
        .Crashing(
            test =>
            {
                clear();
                test.Watch("letters", letters);
                test.SendAll("in", ("a", "one"), ("a", "two"));
                test.Send("in", "a", "three");
            },
            run: run);

    private static class Counter
    {
        private static int _last;

        public static int Next() => ++_last;
    }

    private sealed class Stamp(TimeProvider clock) : IStep<ReadOnlyMemory<byte>, DateTimeOffset>
    {
        public DateTimeOffset Process(ReadOnlyMemory<byte> input, StepContext context) => clock.GetUtcNow();
    }

    private sealed class Careless : ISink<string>
    {
        public List<string> Letters { get; } = [];

        public ValueTask WriteAsync(Delivery<string> delivery, CancellationToken cancellationToken)
        {
            Letters.AddRange(delivery.Values.Select(value => value.Value));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ById : ISink<string>
    {
        private readonly HashSet<string> _ids = [];

        public List<string> Letters { get; } = [];

        public void Clear()
        {
            _ids.Clear();
            Letters.Clear();
        }

        public ValueTask WriteAsync(Delivery<string> delivery, CancellationToken cancellationToken)
        {
            if (_ids.Add(delivery.Id))
            {
                Letters.AddRange(delivery.Values.Select(value => value.Value));
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Letterbox : ISink<string>
    {
        private readonly Dictionary<TaskId, long> _nextOffsets = [];

        public List<string> Letters { get; } = [];

        public void Clear()
        {
            _nextOffsets.Clear();
            Letters.Clear();
        }

        public ValueTask WriteAsync(Delivery<string> delivery, CancellationToken cancellationToken)
        {
            var next = _nextOffsets.GetValueOrDefault(delivery.Task);
            Letters.AddRange(delivery.Values.Where(value => value.Offset >= next).Select(value => value.Value));
            _nextOffsets[delivery.Task] = Math.Max(next, delivery.NextOffset);
            return ValueTask.CompletedTask;
        }
    }
}
