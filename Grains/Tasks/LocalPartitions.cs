using System.Collections.Concurrent;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Grains.Tasks;

/// <summary>The partition grains of this silo. A grain leaves when its partition gets another owner or the silo stops.</summary>
internal sealed class LocalPartitions(ClusterAssignment assignment)
{
    /// <summary>Each grain, and whether its activation is complete, so that it can leave.</summary>
    private readonly ConcurrentDictionary<PartitionGrain, bool> _grains = [];

    /// <summary>Raised when a grain leaves or fails to activate, with the task.</summary>
    public event Action<TaskId>? Left;

    public int Count => _grains.Count;

    public IEnumerable<LocalTask> Tasks => _grains.Keys.Select(grain => grain.Local);

    private IEnumerable<PartitionGrain> Joined => _grains.Where(grain => grain.Value).Select(grain => grain.Key);

    /// <summary>Adds a grain that is activating. The grain cannot leave yet, because leaving would abort the activation.</summary>
    public void Add(PartitionGrain grain) => _grains.TryAdd(grain, false);

    /// <summary>Marks a grain as active. The grain leaves as soon as its partition has another owner, possibly at once.</summary>
    public void Join(PartitionGrain grain)
    {
        if (_grains.TryUpdate(grain, newValue: true, comparisonValue: false))
        {
            LeaveIfMoved(grain);
        }
    }

    public void Remove(PartitionGrain grain)
    {
        if (_grains.TryRemove(grain, out _))
        {
            Left?.Invoke(grain.Id);
        }
    }

    /// <summary>Returns whether a task is active on this silo, or is being activated.</summary>
    public bool Contains(TaskId task) => _grains.Keys.Any(grain => grain.Id == task);

    public void Start() => assignment.Changed += LeaveMoved;

    /// <summary>Makes every active grain commit its records in flight and leave.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        assignment.Changed -= LeaveMoved;
        var leaving = Joined.Select(grain =>
        {
            grain.Leave();
            return grain.GrainContext.Deactivated;
        });
        await Task.WhenAll(leaving).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void LeaveMoved()
    {
        foreach (var grain in Joined)
        {
            LeaveIfMoved(grain);
        }
    }

    private void LeaveIfMoved(PartitionGrain grain)
    {
        if (assignment.OwnerOf(grain.Source) is { } owner && !owner.Equals(assignment.Silo))
        {
            grain.Leave();
        }
    }
}
