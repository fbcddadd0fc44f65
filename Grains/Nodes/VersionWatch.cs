using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Grains.Nodes;

/// <summary>Asks every other active silo once for its version of Orleans, and logs a warning for each different version.</summary>
internal sealed partial class VersionWatch(
    IClusterMembershipService membership,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    OrleansVersion version,
    ILogger<VersionWatch> logger)
{
    private readonly HashSet<SiloAddress> _known = [silo.SiloAddress];

    /// <summary>Asks the silos that have not answered yet. Only one call may run at a time.</summary>
    public async Task LookAsync()
    {
        var active = membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).ToList();
        if (!active.Exists(member => member.SiloAddress.Equals(silo.SiloAddress)))
        {
            return;
        }

        _known.IntersectWith(active.Select(member => member.SiloAddress));
        var strangers = active.FindAll(member => !_known.Contains(member.SiloAddress));
        _known.UnionWith((await Task.WhenAll(strangers.Select(AskAsync))).OfType<SiloAddress>());
    }

    /// <summary>Returns the address of a silo that answered.</summary>
    private async Task<SiloAddress?> AskAsync(ClusterMember member)
    {
        try
        {
            var report = await grains.GetGrain<INodeGrain>(member.SiloAddress.ToParsableString()).ReportAsync();
            if (report.OrleansVersion != version.Text)
            {
                LogOther(member.Name, report.OrleansVersion ?? "of an unknown, older version", version.Text ?? "of an unknown version");
            }

            return member.SiloAddress;
        }
        catch (Exception)
        {
            // The silo is leaving or busy; the next look asks again.
            return null;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Silo {Silo} runs Orleans {Theirs}; this silo runs Orleans {Ours}. Bring all silos to one version: see docs/upgrade.md.")]
    private partial void LogOther(string silo, string theirs, string ours);
}
