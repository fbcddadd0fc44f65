namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>Topics that a pipeline writes, and that somebody deletes beside the engine while it runs.</summary>
public sealed class MissingOutputTests : IAsyncLifetime
{
    private static readonly TaskId Task0 = new("copy", "events", 0);

    private readonly TemporaryDirectory _folder = new();
    private EmbeddedPipelines _pipelines = null!;

    public async Task InitializeAsync() => _pipelines = await EmbeddedPipelines.StartAsync(
        EmbeddedSettings.For(_folder["pipeline.db"]),
        pipelines => pipelines.Add("copy", pipeline => pipeline
            .From("events", Serializers.Text, partitions: 1)
            .Map(text => text == "bad" ? throw new FormatException("It is bad.") : text)
            .To(Sink.Topic("copies", partitions: 3))));

    public async Task DisposeAsync()
    {
        await _pipelines.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("copies", "good", 3)]
    [InlineData("copy.dead-letters", "bad", 1)]
    public async Task It_is_created_again_with_as_many_partitions_and_the_pipeline_goes_on(string output, string value, int partitions)
    {
        await SendAsync(value, committed: 1);
        await _pipelines.Engine.Store.DeleteTopicAsync(output);

        await SendAsync(value, committed: 2);

        var bounds = await _pipelines.Engine.Store.GetTopicBoundsAsync(output);
        Assert.Equal(partitions, bounds.Count);
        Assert.Equal(1, bounds.Sum(partition => partition.End));
        Assert.Equal(RunState.Running, (await _pipelines.Engine.GetStatusAsync("copy")).State);
    }

    private async Task SendAsync(string value, long committed)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, System.Text.Encoding.UTF8.GetBytes(value), timestamp: 1_700_000_000_000);
        await _pipelines.Topics.AppendAsync(new TopicPartition("events", 0), builder.Build());
        await _pipelines.Engine.WhenCommittedAsync(Task0, committed);
    }
}
