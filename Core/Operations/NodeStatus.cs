using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>What a node is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>It takes part.</summary>
    Active,

    /// <summary>It is starting.</summary>
    Joining,

    /// <summary>It is stopping: it commits what is in flight and leaves.</summary>
    Leaving,

    /// <summary>It is said to take part, but does not answer.</summary>
    Silent,
}

/// <summary>How a process that runs pipelines is doing: the one process when embedded, a silo in a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where the other silos reach it; null when embedded.</param>
/// <param name="State">What it is doing.</param>
/// <param name="StartedAt">When its process was started; null if it does not answer.</param>
/// <param name="Version">The version of Orleans.Pipeline that it runs; null if it does not answer.</param>
/// <param name="Load">What it owns and uses; null if it does not answer.</param>
public sealed record NodeStatus(string Name, string? Address, NodeState State, DateTimeOffset? StartedAt, string? Version, NodeLoad? Load);
