namespace Orleans.Pipeline;

/// <summary>The partitions and tasks of a node, and the resources that it uses.</summary>
public sealed record NodeLoad
{
    /// <summary>Partitions, of all topics, that the node owns.</summary>
    public required int Partitions { get; init; }

    /// <summary>Tasks that the node runs.</summary>
    public required int Tasks { get; init; }

    /// <summary>Processors in use over the last seconds, from 0 to <see cref="Cores"/>.</summary>
    public required double Cpu { get; init; }

    /// <summary>Processors that the node may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory of the process.</summary>
    public required long WorkingSetBytes { get; init; }

    /// <summary>Memory of the managed heap.</summary>
    public required long HeapBytes { get; init; }

    /// <summary>Collections of generation 0 and higher, since the process started.</summary>
    public required int Gen0Collections { get; init; }

    /// <summary>Collections of generations 1 and 2, since the process started.</summary>
    public required int Gen1Collections { get; init; }

    /// <summary>Collections of generation 2, since the process started.</summary>
    public required int Gen2Collections { get; init; }

    /// <summary>The share of the last seconds, from 0 to 1, in which the garbage collector paused all threads.</summary>
    public required double GcPauseShare { get; init; }

    /// <summary>Seconds since the process started.</summary>
    public required double UptimeSeconds { get; init; }
}
