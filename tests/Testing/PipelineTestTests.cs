using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Testing.Tests;

public sealed class PipelineTestTests
{
    [Fact]
    public void A_record_goes_through_all_stages_before_the_send_returns()
    {
        using var test = PipelineTest.For(Checkout.Define);

        test.Send("purchases", "ann", new Purchase("ann", "NL", 100));
        test.Send("purchases", "bob", new Purchase("bob", "NL", 20));

        Assert.Equal("country=NL, cents=120", test.Table("sales").ToString());
        Assert.Equal(["customer=ann, cents=100", "customer=bob, cents=20"], test.Table("all_sales").Rows.Select(row => row.ToString()));
        Assert.Equal([new("ann", "NL", 100), new Purchase("bob", "NL", 20)], test.Topic("purchases.done").Records.Select(record => record.As<Purchase>()));
        Assert.Equal(["NL", "NL"], test.Topic("purchases.checked").Records.Select(record => record.Key));
    }

    [Fact]
    public void A_record_keeps_the_time_the_headers_and_the_partition_that_it_is_sent_with()
    {
        using var test = PipelineTest.For(Checkout.Define);
        var time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

        test.Send("purchases", "ann", new Purchase("ann", "NL", 1), at: time, partition: 3, headers: [Header.Text("shop", "7")]);

        var record = Assert.Single(test.Topic("purchases").Records);
        Assert.Equal((3, time, "7"), (record.Partition.Partition, record.Timestamp, record.Headers[0].AsText()));
        Assert.Equal(time, Assert.Single(test.Topic("purchases.done").Records).Timestamp);
    }

    [Fact]
    public void A_record_without_a_time_has_that_of_the_clock_which_moves_only_by_the_test()
    {
        using var test = PipelineTest.For(Checkout.Define);
        var begin = test.Now;

        test.AdvanceBy(TimeSpan.FromHours(1));
        test.Send("purchases", "ann", new Purchase("ann", "NL", 1));

        Assert.Equal(begin.AddHours(1), Assert.Single(test.Topic("purchases").Records).Timestamp);
        Assert.Equal(begin.AddHours(1), test.Clock.GetUtcNow());
    }

    [Fact]
    public void Steps_and_sinks_come_from_the_services_and_their_clock_is_that_of_the_test()
    {
        var sink = new Stamps();
        using var test = PipelineTest.For(
            catalog => catalog.Add("stamping", pipeline => pipeline.From("in").Step<Stamp, DateTimeOffset>().To<Stamps>()),
            services => services.AddSingleton(TimeProvider.System).AddSingleton(sink));

        test.AdvanceTo(test.Now.AddDays(1));
        test.Send("in", null, "anything");

        Assert.Equal([test.Now], sink.Times);
        Assert.Same(sink, test.Services.GetRequiredService<Stamps>());
    }

    [Fact]
    public void Every_run_gives_the_same()
    {
        Assert.Equal(Run(), Run());

        static string Run()
        {
            using var test = PipelineTest.For(catalog => catalog.Add("flaky", pipeline => pipeline
                .From<long>("in", partitions: 3)
                .MapAsync(async (number, context, _) =>
                {
                    await Task.Yield();
                    return context.Attempt > number % 3 ? number : throw new TimeoutException($"{number}");
                })
                .To(Table.Insert<long>("out").Column("number", number => number))));
            for (var number = 0L; number < 20; number++)
            {
                test.Send("in", $"{number}", number);
                test.AdvanceBy(TimeSpan.FromMilliseconds(30));
            }

            test.AdvanceBy(TimeSpan.FromMinutes(1));
            return test.Table("out").ToString();
        }
    }

    [Fact]
    public void A_stage_that_reads_bytes_is_sent_bytes_and_text()
    {
        using var test = PipelineTest.For(catalog => catalog.Add("bytes", pipeline => pipeline.From("in", partitions: 1).To(Sink.Topic("out"))));

        test.Send("in", "a", "text");
        test.Send("in", "", new byte[] { 0x62 });
        test.Send("in", null, null);
        test.SendBytes("in", null, ReadOnlyMemory<byte>.Empty);

        Assert.Equal("a: text\n: b\n(no key): (no value)\n(no key): ", test.Topic("out").ToString());
    }

    [Fact]
    public void A_step_that_comes_back_from_another_thread_is_waited_for()
    {
        using var test = PipelineTest.For(catalog => catalog.Add("threads", pipeline => pipeline
            .From<long>("in", partitions: 1)
            .MapAsync(async (number, _, _) => await Task.Run(() => number * 2))
            .To(Table.Insert<long>("out").Column("number", number => number))));

        test.Send("in", null, 21L);

        Assert.Equal("number=42", test.Table("out").ToString());
    }

    [Fact]
    public void A_step_that_waits_by_the_clock_of_the_test_is_brought_on_by_it()
    {
        using var test = PipelineTest.For(catalog => catalog.Add("slow", pipeline => pipeline.From<long>("in", partitions: 1).StepAsync<Slow, long>()
            .To(Table.Insert<long>("out").Column("number", number => number))));

        test.Send("in", null, 1L);
        Assert.Empty(test.Table("out").Rows);

        test.AdvanceBy(TimeSpan.FromSeconds(30));
        Assert.Single(test.Table("out").Rows);
    }

    [Fact]
    public void Deliveries_do_not_wait_for_the_pace_of_their_sink()
    {
        using var folder = new TemporaryDirectory();
        using var test = PipelineTest.For(catalog => catalog.Add("files", pipeline => pipeline
            .From<Purchase>("in", partitions: 1).To(Sink.JsonLines(folder["lines"], fileTime: TimeSpan.FromHours(1)))));

        test.Send("in", null, new Purchase("ann", "NL", 1));

        Assert.Contains("ann", File.ReadAllText(Assert.Single(Directory.GetFiles(folder["lines"], "*", SearchOption.AllDirectories))), StringComparison.Ordinal);
    }

    private sealed class Slow(TimeProvider clock) : IAsyncStep<long, long>
    {
        public async ValueTask<long> ProcessAsync(long input, StepContext context, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromSeconds(30), clock, cancellationToken);
            return input;
        }
    }

    private sealed class Stamp(TimeProvider clock) : IStep<ReadOnlyMemory<byte>, DateTimeOffset>
    {
        public DateTimeOffset Process(ReadOnlyMemory<byte> input, StepContext context) => clock.GetUtcNow();
    }

    private sealed class Stamps : ISink<DateTimeOffset>
    {
        public List<DateTimeOffset> Times { get; } = [];

        public ValueTask WriteAsync(Delivery<DateTimeOffset> delivery, CancellationToken cancellationToken)
        {
            Times.AddRange(delivery.Values.Select(value => value.Value));
            return ValueTask.CompletedTask;
        }
    }
}
