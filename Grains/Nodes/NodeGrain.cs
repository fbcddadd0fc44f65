using Orleans.Concurrency;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Tasks;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Nodes;

[NodePlacement, Reentrant]
internal sealed class NodeGrain(
    ProcessLoad process,
    ClusterAssignment assignment,
    ClusterTopics topics,
    LocalPartitions local,
    ClusterDefinitions definitions,
    OrleansVersion orleans) : Grain, INodeGrain
{
    public Task<NodeReport> ReportAsync() => Task.FromResult(new NodeReport
    {
        StartedAt = process.StartedAt,
        Version = ProcessLoad.Version,
        OrleansVersion = orleans.Text,
        Stages = definitions.Report,
        Load = process.Read(topics.Partitions.Count(assignment.IsMine), local.Count),
    });
}
