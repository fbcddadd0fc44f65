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
/// <param name="Name">Its name.</param>
/// <param name="Address">Where the other silos reach it; null when embedded.</param>
/// <param name="State">Its state.</param>
/// <param name="StartedAt">When its process was started; null if it does not answer.</param>
/// <param name="Version">The version of Orleans.Pipeline that it runs; null if it does not answer.</param>
/// <param name="Load">What it owns and uses; null if it does not answer.</param>
public sealed record NodeStatus(string Name, string? Address, NodeState State, DateTimeOffset? StartedAt, string? Version, NodeLoad? Load);
