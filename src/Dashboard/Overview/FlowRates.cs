namespace Orleans.Pipeline.Dashboard.Overview;

/// <summary>How many records go along a way: into a stage what it commits, into a topic what is appended if only one stage writes it.</summary>
internal static class FlowRates
{
    public static double? Of(GraphEdge edge, Graph graph, IReadOnlyDictionary<string, NodeFigures> figures) => edge.To.Kind switch
    {
        GraphNodeKind.Stage => figures[edge.To.Id].Rate,
        GraphNodeKind.Topic when graph.Edges.Count(other => other.To == edge.To) == 1 => figures[edge.To.Id].Rate,
        _ => null,
    };
}
