using System.Collections.Concurrent;
using Orleans.GrainDirectory;

namespace Orleans.Pipeline.Grains.Assignments;

/// <summary>
/// Locates partition grains without calls to other silos: a task is on the owner of its partition. When a stale cache sends a call for
/// another silo's task to this silo, this silo does not activate the task but forwards the call to the owner.
/// </summary>
/// <remarks>
/// Orleans' own directories let any silo activate a grain that is active nowhere, if a call reaches that silo. Caches keep naming the silo
/// that a task has left (findings/where-a-grain-is-active-comes-from-a-cache.sh), so a moved task would return there again and again.
/// While two silos disagree about the owner, a call may be forwarded back and forth until it fails. Two activations at once are harmless,
/// because the epoch decides.
/// </remarks>
internal sealed class PartitionDirectory(ClusterAssignment assignment, StagePrograms stages) : IGrainDirectory
{
    public const string Name = "pipeline-partitions";

    private readonly ConcurrentDictionary<GrainId, GrainAddress> _local = [];

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, previousAddress: null);

    /// <summary>Registers an activation of this silo, or returns the owner instead.</summary>
    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress) => Task.FromResult<GrainAddress?>(
        OwnerElsewhere(address.GrainId) is { } owner
            ? AddressAt(owner, address.GrainId)
            : _local.AddOrUpdate(
                address.GrainId,
                static (_, registering) => registering.Address,
                static (_, registered, registering) => registered.Matches(registering.Previous) ? registering.Address : registered,
                (Address: address, Previous: previousAddress)));

    public Task Unregister(GrainAddress address)
    {
        if (_local.TryGetValue(address.GrainId, out var registered) && registered.Matches(address))
        {
            _local.TryRemove(new(address.GrainId, registered));
        }

        return Task.CompletedTask;
    }

    public Task<GrainAddress?> Lookup(GrainId grainId) =>
        Task.FromResult(OwnerElsewhere(grainId) is { } owner ? AddressAt(owner, grainId) : _local.GetValueOrDefault(grainId));

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    private static GrainAddress AddressAt(SiloAddress owner, GrainId grainId) =>
        new() { GrainId = grainId, SiloAddress = owner, ActivationId = ActivationId.GetDeterministic(grainId) };

    /// <summary>Returns the owner of a task's partition; null if the owner is this silo or unknown.</summary>
    private SiloAddress? OwnerElsewhere(GrainId grainId) =>
        stages.TryFind(grainId.Key.ToString()!, out var task)
        && assignment.OwnerOf(task.Source) is { } owner
        && !owner.Equals(assignment.Silo) ? owner : null;
}
