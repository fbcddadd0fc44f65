using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

public sealed class PipelineResourcesTests
{
    [Theory]
    [InlineData(null, null, 8, 8)]
    [InlineData(3, null, 3, 3)]
    [InlineData(3, 5, 3, 5)]
    public async Task An_output_has_as_many_partitions_as_its_source_unless_it_is_told_otherwise(
        int? source, int? output, int sourceHas, int outputHas)
    {
        var topics = await PrepareAsync(pipeline => pipeline.From("in", source).To(Sink.Topic("out", output)));

        Assert.Equal(
            (sourceHas, outputHas, sourceHas),
            (topics.PartitionsOf("in"), topics.PartitionsOf("out"), topics.PartitionsOf("tested.dead-letters")));
    }

    [Fact]
    public async Task A_topic_that_exists_keeps_its_partitions()
    {
        var topics = await PrepareAsync(pipeline => pipeline.From("in").To(Sink.Topic("out")), existing: 6);

        Assert.Equal((6, 6), (topics.PartitionsOf("in"), topics.PartitionsOf("out")));
    }

    [Fact]
    public async Task What_one_stage_gives_its_output_is_what_the_next_one_reads()
    {
        var topics =
            await PrepareAsync(pipeline => pipeline.From("in", partitions: 2).Through("middle", partitions: 5).To(Sink.Topic("out")));

        Assert.Equal((2, 5, 5), (topics.PartitionsOf("in"), topics.PartitionsOf("middle"), topics.PartitionsOf("out")));
    }

    private static async Task<PipelineResources> PrepareAsync(Action<PipelineBuilder> define, int? existing = null)
    {
        using var directory = new TemporaryDirectory();
        await using var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = directory["topics.db"] });
        if (existing is { } partitions)
        {
            await store.CreateTopicAsync("in", new TopicSettings { Partitions = partitions });
        }

        return await PipelineResources.PrepareAsync(new PipelineCatalog().Add("tested", define).Pipelines, store, store);
    }
}
