using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Orleans.Pipeline.Grains.Assignments;

/// <summary>Places a partition grain on the silo that owns its partition, where <see cref="PartitionDirectory"/> expects it.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.partition-placement")]
internal sealed class PartitionPlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>Finds the owner. While no assignment is known, any silo is acceptable, because the epoch decides.</summary>
internal sealed class PartitionPlacementDirector(ClusterAssignment assignment, StagePrograms stages) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var owner = stages.TryFind(target.GrainIdentity.Key.ToString()!, out var task) ? assignment.OwnerOf(task.Source) : null;
        return Task.FromResult(owner is not null && silos.Contains(owner) ? owner : silos[0]);
    }
}
