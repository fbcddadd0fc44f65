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

/// <summary>What a node owns and uses.</summary>
/// <param name="Partitions">Partitions of which it is the owner, of all topics.</param>
/// <param name="Tasks">Tasks that it runs.</param>
/// <param name="Cpu">Processors in use over the last seconds, from 0 to <paramref name="Cores"/>.</param>
/// <param name="Cores">Processors it may use.</param>
/// <param name="WorkingSetBytes">Memory of the process.</param>
/// <param name="HeapBytes">Memory of its managed heap.</param>
/// <param name="Gen0Collections">Collections of generation 0, with those of higher ones, since the process started.</param>
/// <param name="Gen1Collections">Collections of generation 1, with those of generation 2.</param>
/// <param name="Gen2Collections">Collections of generation 2.</param>
/// <param name="GcPauseShare">The share of the last seconds, from 0 to 1, in which the collector held all threads up.</param>
/// <param name="UptimeSeconds">Seconds since the process started.</param>
public sealed record NodeLoad(
    int Partitions,
    int Tasks,
    double Cpu,
    int Cores,
    long WorkingSetBytes,
    long HeapBytes,
    int Gen0Collections,
    int Gen1Collections,
    int Gen2Collections,
    double GcPauseShare,
    double UptimeSeconds);
