using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>The state of a node.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>The node takes part.</summary>
    Active,

    /// <summary>The node is starting.</summary>
    Joining,

    /// <summary>The node is stopping: it commits the records in flight and leaves.</summary>
    Leaving,

    /// <summary>The node is listed as taking part, but does not answer.</summary>
    Silent,
}

/// <summary>The status of a process that runs pipelines: the only process when embedded, a silo in a cluster.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Address">The address at which the other silos reach the node; null when embedded.</param>
/// <param name="State">The node's state.</param>
/// <param name="StartedAt">The time when the process was started; null if the node does not answer.</param>
/// <param name="Version">The node's version of Orleans.Pipeline; null if the node does not answer.</param>
/// <param name="Load">The node's partitions, tasks and resources; null if the node does not answer.</param>
public sealed record NodeStatus(string Name, string? Address, NodeState State, DateTimeOffset? StartedAt, string? Version, NodeLoad? Load);
