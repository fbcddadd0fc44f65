using Orleans.Pipeline.Dashboard.Sampling;

namespace Orleans.Pipeline.Dashboard.Overview;

/// <summary>
/// Finds the rate of an edge: into a stage, the records that the stage commits; out of a stage, the records that its commits write.
/// </summary>
internal static class FlowRates
{
    public static double? Of(GraphEdge edge, IReadOnlyDictionary<string, NodeFigures> figures, Snapshot now) =>
        edge.To.Kind == GraphNodeKind.Stage ? figures[edge.To.Id].Rate : SinkOf(edge, now)?.RecordsPerSecond;

    private static SinkStatus? SinkOf(GraphEdge edge, Snapshot now) => now.Pipeline(edge.From.Pipeline!)?
        .Stages.FirstOrDefault(stage => stage.Name == edge.From.Name)?
        .Sinks.FirstOrDefault(sink => sink.Name == edge.To.Name && KindOf(sink) == edge.To.Kind);

    private static GraphNodeKind KindOf(SinkStatus sink) => sink.Kind switch
    {
        SinkKind.Topic => GraphNodeKind.Topic,
        SinkKind.Table => GraphNodeKind.Table,
        _ => GraphNodeKind.Sink,
    };
}
