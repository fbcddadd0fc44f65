using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Orleans.Pipeline.Grains.Nodes;

[GenerateSerializer, Immutable, Alias("pipeline.node-placement")]
internal sealed class NodePlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NodePlacementAttribute() : PlacementAttribute(new NodePlacement());

/// <summary>Finds the silo that a node grain's key names. No other silo can report on it.</summary>
internal sealed class NodePlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silo = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(silo) ? Task.FromResult(silo) : throw new NodeNotFoundException(silo);
    }
}

/// <summary>A silo cannot report, because it has left or runs a version that has no reports.</summary>
internal sealed class NodeNotFoundException(SiloAddress silo) : PipelineException(
    $"Silo '{silo.ToParsableString()}' is not a member of the cluster that can report its state. List the nodes again.");
