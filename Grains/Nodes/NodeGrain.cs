using Orleans.Concurrency;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Tasks;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Nodes;

/// <summary>Tells how the silo is doing on which it is.</summary>
[NodePlacement, Reentrant]
internal sealed class NodeGrain(
    ProcessLoad process, ClusterAssignment assignment, ClusterTopics topics, LocalPartitions local, OrleansVersion orleans) : Grain, INodeGrain
{
    public Task<NodeReport> ReportAsync()
    {
        var load = process.Read(topics.Partitions.Count(assignment.IsMine), local.Count);
        return Task.FromResult(new NodeReport(
            process.StartedAt,
            ProcessLoad.Version,
            load.Partitions,
            load.Tasks,
            load.Cpu,
            load.Cores,
            load.WorkingSetBytes,
            load.HeapBytes,
            [load.Gen0Collections, load.Gen1Collections, load.Gen2Collections],
            load.GcPauseShare,
            load.UptimeSeconds,
            orleans.Text));
    }
}
