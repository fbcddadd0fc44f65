namespace Orleans.Pipeline.Dashboard.History;

internal sealed class NodeHistory
{
    public Series Cpu { get; } = new();

    /// <summary>Memory of the process, in bytes.</summary>
    public Series WorkingSet { get; } = new();

    /// <summary>Memory of the managed heap, in bytes.</summary>
    public Series Heap { get; } = new();

    /// <summary>The share of time in which the garbage collector paused all threads.</summary>
    public Series GcPauses { get; } = new();

    public UsageHistory Usage { get; } = new();

    public void Add(DateTimeOffset at, NodeLoad load, double recordsPerSecond)
    {
        Usage.Add(at, recordsPerSecond, load.Cpu, load.WorkingSetBytes);
        Cpu.Add(at, load.Cpu / Math.Max(1, load.Cores));
        WorkingSet.Add(at, load.WorkingSetBytes);
        Heap.Add(at, load.HeapBytes);
        GcPauses.Add(at, load.GcPauseShare);
    }
}
