using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Processing.Tests.Pipelines;

namespace Orleans.Pipeline.Processing.Tests.Sinks;

public sealed class TopicSinkTests
{
    [Fact]
    public async Task A_value_keeps_its_records_key_timestamp_and_headers()
    {
        var stage = Text(text => text.Map(value => value + "!").To(Sink.Topic("out"), key: null, Serializers.Text));

        await stage.RunAsync(Stage.Batch(
            1,
            (builder, _) => builder.Append("k"u8, "v"u8, timestamp: 77, [Header.Text("trace", "1"), new Header("none", null)])));

        Assert.Equal(new("k", "v!", 77, "trace=1; none="), Assert.Single(stage.ToCommit().RecordsOf("out")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("key")]
    public async Task The_key_that_is_made_replaces_the_records_own(string? key)
    {
        var stage = Text(text => text.To(Sink.Topic("out"), _ => key, Serializers.Text));

        await stage.RunAsync(Stage.Batch(1, (builder, _) => builder.Append("own"u8, "v"u8, timestamp: 0)));

        Assert.Equal(key, Assert.Single(stage.ToCommit().RecordsOf("out")).Key);
    }

    [Fact]
    public async Task An_empty_value_is_no_missing_value()
    {
        var stage = Text(text => text.To(Sink.Topic("out"), key: null, Serializers.Text));

        Assert.Equal([""], (await stage.CommitOfAsync("")).ValuesOf("out"));
    }

    [Fact]
    public async Task A_key_leads_to_the_partition_where_every_client_looks_for_it()
    {
        var stage = new Stage(
            pipeline => pipeline.From("source", Serializers.Text).To(Sink.Topic("out"), text => text, Serializers.Text), partitions: 5);

        var commit = await stage.CommitOfAsync("a", "b", "c", "d", "a");

        for (var partition = 0; partition < 5; partition++)
        {
            Assert.All(commit.RecordsOf("out", partition), record =>
                Assert.Equal(partition, KeyPartitioner.PartitionOf(Stage.NotNull(record.Key!), 5)));
        }

        Assert.Equal(5, Enumerable.Range(0, 5).Sum(partition => commit.RecordsOf("out", partition).Count));
    }

    [Fact]
    public async Task Values_without_a_key_stay_with_their_partition_and_so_in_order()
    {
        var stage = new Stage(pipeline => pipeline.From("source").To(Sink.Topic("out")), partitions: 3);

        await stage.RunAsync(Stage.Batch("a", "b"), partition: 2);
        await stage.RunAsync(Stage.Batch("c"), partition: 4);

        var commit = stage.ToCommit();
        Assert.Equal(["a", "b"], commit.ValuesOf("out", partition: 2));
        Assert.Equal(["c"], commit.ValuesOf("out", partition: 1));
    }

    [Fact]
    public async Task Batches_are_cut_at_the_profiles_bytes_also_when_chunks_are_joined()
    {
        const int BatchBytes = 100_000;
        var stage = new Stage(pipeline =>
            pipeline.Profile(PipelineProfile.Balanced with { BatchBytes = BatchBytes }).From("source").To(Sink.Topic("out")));
        var values = Enumerable.Range(0, 100).Select(number => $"{number} {new string('x', 3000)}").ToArray();

        foreach (var chunk in values.Chunk(10))
        {
            await stage.RunAsync(Stage.Batch(chunk));
        }

        var commit = stage.ToCommit();
        Assert.All(commit.Appends, append => Assert.InRange(append.Batch.Bytes.Length, 1, BatchBytes));
        Assert.InRange(commit.Appends.Count, 4, 7);
        Assert.Equal(values, commit.ValuesOf("out"));
    }

    [Fact]
    public async Task Headers_count_towards_a_batchs_bytes()
    {
        const int BatchBytes = 100_000;
        var header = new Header("large", new byte[30_000]);
        var stage = new Stage(pipeline =>
            pipeline.Profile(PipelineProfile.Balanced with { BatchBytes = BatchBytes }).From("source").To(Sink.Topic("out")));

        await stage.RunAsync(Stage.Batch(10, (builder, _) => builder.Append(default, "v"u8, timestamp: 0, [header])));

        Assert.All(stage.ToCommit().Appends, append => Assert.InRange(append.Batch.Bytes.Length, 1, BatchBytes));
    }

    [Fact]
    public async Task A_record_larger_than_a_batch_still_gets_one_of_its_own()
    {
        var large = new string('x', 200_000);
        var stage = new Stage(pipeline =>
            pipeline.Profile(PipelineProfile.Balanced with { BatchBytes = 1 }).From("source").To(Sink.Topic("out")));

        var commit = await stage.CommitOfAsync("a", large, "b");

        Assert.Equal(["a", large, "b"], commit.ValuesOf("out"));
        Assert.Equal(3, commit.Appends.Count);
    }

    [Fact]
    public async Task An_output_larger_than_a_record_may_be_is_a_dead_letter()
    {
        var stage = Text(text => text
            .Map(value => value == "large" ? new string('x', RecordLimits.Default.RecordBytes) : value)
            .To(Sink.Topic("out"), key: null, Serializers.Text));

        var commit = await stage.CommitOfAsync("a", "large", "b");

        Assert.Equal(["a", "b"], commit.ValuesOf("out"));
        var letter = Assert.Single(commit.DeadLettersOf());
        Assert.Equal("large", letter.Value);
        Assert.Contains(
            "A record of 1048582 bytes for topic 'out' is over the limit of 1048576 bytes. Make it smaller, or split it", letter.Headers);
        Assert.Contains($"{DeadLetterHeaders.Step}=To(out)", letter.Headers);
    }

    [Fact]
    public async Task The_largest_record_passes_as_it_is_wherever_it_stands_in_a_batch()
    {
        var stage = new Stage(pipeline =>
            pipeline.Profile(PipelineProfile.Balanced with { BatchBytes = 4 << 20 }).From("source").To(Sink.Topic("out")));
        var largest = new byte[RecordLimits.Default.RecordBytes - 5]; // with the lengths of key, value and headers

        await stage.RunAsync(Stage.Batch(
            301, (builder, index) => builder.Append(default, index == 300 ? largest : "a"u8, timestamp: index * 1_000_000L)));

        var batch = Assert.Single(stage.ToCommit().Appends).Batch;
        Assert.Equal(301, RecordBatch.Validate(batch.Bytes, RecordLimits.Default.ForReading()).Count);
    }

    [Fact]
    public async Task The_host_s_limits_are_the_limits_of_outputs()
    {
        var services = new ServiceCollection().AddSingleton(new RecordLimits { RecordBytes = 100 }).BuildServiceProvider();
        var stage = new Stage(pipeline => pipeline.From("source").To(Sink.Topic("out")), services);

        var commit = await stage.CommitOfAsync(new string('x', 90), new string('x', 110));

        Assert.Single(commit.ValuesOf("out"));
        Assert.Contains("Gateway:Limits:RecordBytes", Assert.Single(commit.DeadLettersOf()).Headers);
    }

    private static Stage Text(Action<StageBuilder<string>> define) => new(pipeline => define(pipeline.From("source", Serializers.Text)));
}
