namespace Orleans.Pipeline.Dashboard.Overview;

/// <summary>What a node of the graph stands for.</summary>
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
/// <param name="id">Its id, unlike all others.</param>
/// <param name="kind">What it stands for.</param>
/// <param name="name">What it is called.</param>
/// <param name="pipeline">The pipeline of a stage or sink; null for topics.</param>
public sealed class GraphNode(string id, GraphNodeKind kind, string name, string? pipeline)
{
    /// <summary>Its id, unlike all others.</summary>
    public string Id => id;

    /// <summary>What it stands for.</summary>
    public GraphNodeKind Kind => kind;

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>The pipeline of a stage or sink; null for topics.</summary>
    public string? Pipeline => pipeline;

    /// <summary>Its column, from the left.</summary>
    public int Column { get; internal set; }

    /// <summary>Its top edge, in pixels.</summary>
    public double Top { get; internal set; }
}

/// <summary>A way that records take.</summary>
/// <param name="From">The node they come from.</param>
/// <param name="To">The node they go to.</param>
public sealed record GraphEdge(GraphNode From, GraphNode To);
