using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>Checks the processes that run pipelines: one when embedded, the silos of a cluster.</summary>
internal sealed class NodeCheck(PipelineClient client, DoctorReport report)
{
    private const double LongPauses = 0.1;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<NodeStatus> nodes;
        try
        {
            nodes = await client.Admin.ListNodesAsync(cancellationToken);
        }
        catch (AccessDeniedException)
        {
            report.Ok("nodes", "they were not checked: access is denied");
            return;
        }
        catch (PipelineRequestException unknown) when (unknown.Status == System.Net.HttpStatusCode.NotFound)
        {
            return;
        }

        foreach (var node in nodes)
        {
            Check(node);
        }

        if (nodes.Select(node => node.Version).OfType<string>().Distinct().ToList() is { Count: > 1 } versions)
        {
            report.Warn("nodes", $"they run several versions: {string.Join(", ", versions)}", "Finish the update, one node at a time.");
        }
    }

    private void Check(NodeStatus node)
    {
        var subject = $"node {node.Name}";
        switch (node.State)
        {
            case NodeState.Silent:
                report.Fail(
                    subject,
                    "it is a member but does not answer",
                    "If it is frozen or cut off, end its process: others take its partitions over within seconds.");
                break;
            case NodeState.Leaving:
                report.Warn(subject, "it is leaving", "If it stays in this state, its log names what it waits for.");
                break;
            default:
                report.Ok(subject, node.Load is { } load ? $"it is {node.State.ToString().ToLowerInvariant()} and runs {load.Tasks} tasks" : $"it is {node.State.ToString().ToLowerInvariant()}");
                break;
        }

        if (node.Load is { GcPauseShare: > LongPauses and var share })
        {
            report.Warn(
                subject, $"garbage collection pauses it for {100 * share:0} % of the time", "Give it more memory, or smaller batches.");
        }
    }
}
