using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Nodes;

/// <summary>What the silos of the cluster define, which may differ during a roll-out. Each silo is asked for its own.</summary>
internal sealed class ClusterDefinitions(
    PipelineCatalog catalog,
    IClusterMembershipService membership,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    TimeProvider timeProvider)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<DefinedStage> _own = DefinedStage.Of(catalog);
    private volatile Answer? _last;

    /// <summary>Gets what this silo defines, as it reports it to the others.</summary>
    public StageReport[] Report { get; } =
    [
        .. DefinedStage.Of(catalog).Select(stage => new StageReport(
            stage.Source.Pipeline,
            stage.Source.Stage,
            stage.Source.Topic.Value,
            [.. stage.Outputs.Select(topic => topic.Value)])),
    ];

    /// <summary>Reads what all silos define: now, or as they said within the last seconds.</summary>
    /// <param name="isNow">Whether to ask now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<Definitions> ReadAsync(bool isNow, CancellationToken cancellationToken)
    {
        if (!isNow && _last is { } last && timeProvider.GetElapsedTime(last.At) < Freshness)
        {
            return last.Definitions;
        }

        var others = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status is not (SiloStatus.None or SiloStatus.Created or SiloStatus.Dead))
            .Where(member => !member.SiloAddress.Equals(silo.SiloAddress));
        var answers = await Task.WhenAll(others.Select(AskAsync)).WaitAsync(cancellationToken);
        var definitions = new Definitions(
            _own.Concat(answers.SelectMany(answer => answer.Stages ?? [])),
            [.. answers.Where(answer => answer.Stages is null).Select(answer => answer.Silo)]);
        _last = new Answer(timeProvider.GetTimestamp(), definitions);
        return definitions;
    }

    /// <summary>Asks a silo. It says nothing if it does not answer, or if it is of an older version.</summary>
    private async Task<(string Silo, IEnumerable<DefinedStage>? Stages)> AskAsync(ClusterMember member)
    {
        try
        {
            var report = await grains.GetGrain<INodeGrain>(member.SiloAddress.ToParsableString()).ReportAsync();
            return (member.Name, report.Stages?.Select(stage => new DefinedStage(
                new StageSource(stage.Pipeline, stage.Stage, stage.Source),
                [.. stage.Outputs.Select(topic => new TopicName(topic))])));
        }
        catch (Exception)
        {
            return (member.Name, null);
        }
    }

    private sealed record Answer(long At, Definitions Definitions);
}
