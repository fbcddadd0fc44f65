namespace Orleans.Pipeline.Dashboard.Overview;

/// <summary>The kind of a node of the graph.</summary>
public enum GraphNodeKind
{
    /// <summary>A topic.</summary>
    Topic,

    /// <summary>A stage of a pipeline.</summary>
    Stage,

    /// <summary>A sink table.</summary>
    Table,

    /// <summary>Any other sink.</summary>
    Sink,
}

/// <summary>A node of the graph.</summary>
/// <param name="id">The unique id.</param>
/// <param name="kind">The kind of node.</param>
/// <param name="name">The name.</param>
/// <param name="pipeline">The pipeline of a stage or sink; null for topics.</param>
public sealed class GraphNode(string id, GraphNodeKind kind, string name, string? pipeline)
{
    /// <summary>The unique id.</summary>
    public string Id => id;

    /// <summary>The kind of node.</summary>
    public GraphNodeKind Kind => kind;

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The pipeline of a stage or sink; null for topics.</summary>
    public string? Pipeline => pipeline;

    /// <summary>The column, from the left.</summary>
    public int Column { get; internal set; }

    /// <summary>The top edge, in pixels.</summary>
    public double Top { get; internal set; }
}

/// <summary>An edge of the graph, along which records flow.</summary>
/// <param name="From">The node that records come from.</param>
/// <param name="To">The node that records go to.</param>
public sealed record GraphEdge(GraphNode From, GraphNode To);
