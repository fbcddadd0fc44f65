using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>The pipeline under test: reads a byte of each record, and counts records and bytes by it in a table.</summary>
internal static class CountingPipeline
{
    public const string Topic = "bench";

    public const string Name = "counts";

    public static Action<PipelineCatalog> Define(int partitions, PipelineProfile profile) => pipelines => pipelines.Add(Name, pipeline => pipeline
        .Profile(profile)
        .From(Topic, partitions)
        .Map(value => (Shard: value.Span[0], value.Length))
        .To(Table.Add<(byte Shard, int Length)>("counts")
            .Key("shard", value => value.Shard)
            .Sum("records", _ => 1)
            .Sum("bytes", value => value.Length)));

    /// <summary>Waits until every partition is committed to its end.</summary>
    public static async Task WhenCaughtUpAsync(EmbeddedPipelines pipelines, int partitions)
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            var bounds = await pipelines.Topics.BoundsAsync(new(Topic, partition));
            await pipelines.Engine.WhenCommittedAsync(new(Name, Topic, partition), bounds.End);
        }
    }
}
