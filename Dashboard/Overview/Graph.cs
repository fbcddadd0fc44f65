namespace Orleans.Pipeline.Dashboard.Overview;

/// <summary>The graph of topics, stages and sinks and of the flow of records between them, laid out from left to right.</summary>
public sealed class Graph
{
    /// <summary>The height of a node, in pixels.</summary>
    public const int NodeHeight = 64;

    /// <summary>The gap between two nodes of a column, in pixels.</summary>
    public const int RowGap = 18;

    private readonly Dictionary<string, GraphNode> _nodes = [];
    private readonly List<GraphEdge> _edges = [];

    private Graph()
    {
    }

    /// <summary>Every node.</summary>
    public IReadOnlyCollection<GraphNode> Nodes => _nodes.Values;

    /// <summary>Every edge.</summary>
    public IReadOnlyList<GraphEdge> Edges => _edges;

    /// <summary>The number of columns.</summary>
    public int Columns => _nodes.Count == 0 ? 0 : _nodes.Values.Max(node => node.Column) + 1;

    /// <summary>The height of the graph, in pixels.</summary>
    public double Height => _nodes.Count == 0 ? 0 : _nodes.Values.Max(node => node.Top) + NodeHeight;

    /// <summary>Creates the graph of pipelines.</summary>
    /// <param name="pipelines">The pipelines.</param>
    public static Graph Of(IEnumerable<PipelineStatus> pipelines)
    {
        var graph = new Graph();
        foreach (var pipeline in pipelines)
        {
            foreach (var stage in pipeline.Stages)
            {
                graph.Add(pipeline, stage);
            }
        }

        GraphLayout.Arrange(graph._nodes.Values, graph._edges);
        return graph;
    }

    /// <summary>Lists every node once, below its source, with its depth.</summary>
    public IEnumerable<(GraphNode Node, int Depth)> Walk()
    {
        var after = _edges.ToLookup(edge => edge.From, edge => edge.To);
        var seen = new HashSet<GraphNode>();
        var open = new Stack<(GraphNode Node, int Depth)>(
            _nodes.Values.OrderByDescending(node => node.Column).ThenByDescending(node => node.Top).Select(node => (node, 0)));
        while (open.TryPop(out var next))
        {
            if (seen.Add(next.Node))
            {
                yield return next;
                foreach (var node in after[next.Node].OrderByDescending(node => node.Top))
                {
                    open.Push((node, next.Depth + 1));
                }
            }
        }
    }

    private void Add(PipelineStatus pipeline, StageStatus stage)
    {
        var node = Node($"stage:{pipeline.Name}/{stage.Name}", GraphNodeKind.Stage, stage.Name, pipeline.Name);
        _edges.Add(new GraphEdge(Node($"topic:{stage.Source}", GraphNodeKind.Topic, stage.Source.Value, null), node));
        foreach (var sink in stage.Sinks)
        {
            _edges.Add(new GraphEdge(node, sink.Kind switch
            {
                SinkKind.Topic => Node($"topic:{sink.Name}", GraphNodeKind.Topic, sink.Name, null),
                SinkKind.Table => Node($"table:{sink.Name}", GraphNodeKind.Table, sink.Name, pipeline.Name),
                _ => Node($"sink:{pipeline.Name}/{stage.Name}/{sink.Name}", GraphNodeKind.Sink, sink.Name, pipeline.Name),
            }));
        }
    }

    private GraphNode Node(string id, GraphNodeKind kind, string name, string? pipeline)
    {
        if (!_nodes.TryGetValue(id, out var node))
        {
            _nodes[id] = node = new GraphNode(id, kind, name, pipeline);
        }

        return node;
    }
}
