namespace Orleans.Pipeline.Grains.Nodes;

/// <summary>Lists the silos of the cluster as this silo sees it, each with its own report.</summary>
internal sealed class ClusterNodes(IClusterMembershipService membership, IGrainFactory grains)
{
    public async Task<IReadOnlyList<NodeStatus>> ReadAsync(CancellationToken cancellationToken)
    {
        var members = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status is not (SiloStatus.None or SiloStatus.Created or SiloStatus.Dead))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ThenBy(member => member.SiloAddress);
        return await Task.WhenAll(members.Select(StatusOfAsync)).WaitAsync(cancellationToken);
    }

    private async Task<NodeStatus> StatusOfAsync(ClusterMember member)
    {
        var address = member.SiloAddress.Endpoint.ToString();
        var state = member.Status switch
        {
            SiloStatus.Active => NodeState.Active,
            SiloStatus.Joining => NodeState.Joining,
            _ => NodeState.Leaving,
        };
        try
        {
            var report = await grains.GetGrain<INodeGrain>(member.SiloAddress.ToParsableString()).ReportAsync();
            return new NodeStatus(member.Name, address, state, report.StartedAt, report.Version, report.Load);
        }
        catch (Exception) when (state != NodeState.Active)
        {
            return new NodeStatus(member.Name, address, state, StartedAt: null, Version: null, Load: null);
        }
        catch (Exception)
        {
            return new NodeStatus(member.Name, address, NodeState.Silent, StartedAt: null, Version: null, Load: null);
        }
    }
}
