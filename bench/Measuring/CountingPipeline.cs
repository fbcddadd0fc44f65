namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>The pipeline under test. Counts records and bytes in a table, by the first byte of the record.</summary>
internal static class CountingPipeline
{
    public const string Topic = "bench";

    public const string Name = "counts";

    public static TaskId TaskOn(int partition) => new(Name, Topic, partition);

    public static Action<PipelineCatalog> Define(int partitions, PipelineProfile profile) =>
        pipelines => pipelines.Add(Name, pipeline => pipeline
        .Profile(profile)
        .From(Topic, partitions)
        .Map(value => (Shard: value.Span[0], value.Length))
        .To(Table.Add<(byte Shard, int Length)>("counts")
            .Key("shard", value => value.Shard)
            .Sum("records", _ => 1)
            .Sum("bytes", value => value.Length)));
}
