using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class BenchTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task A_bench_sends_and_reads_a_topic_of_its_own_and_leaves_nothing()
    {
        var bench = (await RunAsync("bench", "--records", "20k", "--size", "50", "--json")).Succeeded().Json;

        var (produced, consumed) = (bench.GetProperty("produced"), bench.GetProperty("consumed"));
        Assert.Equal((20_000, 20_000, 1_000_000), (
            produced.GetProperty("records").GetInt64(),
            consumed.GetProperty("records").GetInt64(),
            produced.GetProperty("bytes").GetInt64()));
        Assert.True(produced.GetProperty("p50Ms").GetDouble() <= produced.GetProperty("p99Ms").GetDouble());
        Assert.DoesNotContain(
            await Server.Client.Admin.ListTopicsAsync(), topic => topic.Topic.Value.StartsWith("bench-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bench_reads_what_it_has_sent_to_a_topic_that_stays()
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic, new() { Partitions = 2 });

        (await RunAsync("bench", "--mode", "produce", "--topic", topic, "--duration", "300ms", "--rate", "10k")).Succeeded();
        var consumed = (await RunAsync("bench", "--mode", "consume", "--topic", topic, "--json")).Succeeded().Json.GetProperty("consumed");

        Assert.Equal((await Server.Client.Admin.DescribeTopicAsync(topic)).Records, consumed.GetProperty("records").GetInt64());
        (await RunAsync("bench", "--mode", "consume")).FailedWith(2, "Give --topic");
    }

    [Fact]
    public async Task Ctrl_C_ends_a_bench_and_its_topic()
    {
        using var bench = Start("bench", "--duration", "1h", "--rate", "100");
        Assert.StartsWith("Measuring with topic bench-", await bench.ReadErrorLineAsync(), StringComparison.Ordinal);
        Assert.Contains(
            await Server.Client.Admin.ListTopicsAsync(), topic => topic.Topic.Value.StartsWith("bench-", StringComparison.Ordinal));
        bench.Interrupt();

        Assert.Equal(130, (await bench.ExitWithInputOpenAsync()).ExitCode);
        Assert.DoesNotContain(
            await Server.Client.Admin.ListTopicsAsync(), topic => topic.Topic.Value.StartsWith("bench-", StringComparison.Ordinal));
    }
}
