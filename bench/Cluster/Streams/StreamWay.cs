namespace Orleans.Pipeline.Bench.Cluster.Streams;

/// <summary>A way to move records on raw Orleans.</summary>
/// <param name="Provider">The stream provider, or <see cref="GrainCalls"/> for none.</param>
/// <param name="PerCall">Records per call.</param>
/// <param name="Streams">The number of streams or grains, each with one call at a time.</param>
/// <param name="MostRecords">The maximum number of records, to limit the time of a run.</param>
internal sealed record StreamWay(string Provider, int PerCall, int Streams, int MostRecords)
{
    public const string Memory = "memory";
    public const string AdoNet = "adonet";
    public const string GrainCalls = "grain";

    /// <summary>The durable and fast way, used as the reference.</summary>
    public static StreamWay DurableBatches { get; } = new(AdoNet, 500, 16, int.MaxValue);

    public static IReadOnlyList<StreamWay> All { get; } =
    [
        new(GrainCalls, 1, 64, 1_000_000),
        new(Memory, 1, 64, 200_000),
        new(Memory, 500, 16, int.MaxValue),
        new(AdoNet, 1, 64, 20_000),
        DurableBatches,
    ];

    public string Name => Provider == GrainCalls ? "one grain call a record" : $"{Provider} stream, {PerCall} a call";
}
