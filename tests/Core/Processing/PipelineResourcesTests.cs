using Orleans.Pipeline.Core.Tests.FlowControl;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Core.Tests.Processing;

public sealed class PipelineTopicsTests
{
    [Theory]
    [InlineData(null, null, 8, 8)]
    [InlineData(3, null, 3, 3)]
    [InlineData(3, 5, 3, 5)]
    public async Task An_output_has_as_many_partitions_as_its_source_unless_it_is_told_otherwise(int? source, int? output, int sourceHas, int outputHas)
    {
        var topics = await PrepareAsync(pipeline => pipeline.From("in", source).To(Sink.Topic("out", output)));

        Assert.Equal((sourceHas, outputHas, sourceHas), (topics.PartitionsOf("in"), topics.PartitionsOf("out"), topics.PartitionsOf("tested.dead-letters")));
    }

    [Fact]
    public async Task A_topic_that_exists_keeps_its_partitions()
    {
        var existing = new TopicDescription("in", new TopicSettings { Partitions = 6 }, DateTimeOffset.UnixEpoch);

        var topics = await PrepareAsync(pipeline => pipeline.From("in").To(Sink.Topic("out")), existing);

        Assert.Equal((6, 6), (topics.PartitionsOf("in"), topics.PartitionsOf("out")));
    }

    [Fact]
    public async Task What_one_stage_gives_its_output_is_what_the_next_one_reads()
    {
        var topics = await PrepareAsync(pipeline => pipeline.From("in", partitions: 2).Through("middle", partitions: 5).To(Sink.Topic("out")));

        Assert.Equal((2, 5, 5), (topics.PartitionsOf("in"), topics.PartitionsOf("middle"), topics.PartitionsOf("out")));
    }

    private static ValueTask<PipelineResources> PrepareAsync(Action<PipelineBuilder> define, params TopicDescription[] existing) =>
        PipelineResources.PrepareAsync(new PipelineCatalog().Add("tested", define).Pipelines, new CountingTopicLog(existing), checkpoints: null!); // no stage here has a table
}
