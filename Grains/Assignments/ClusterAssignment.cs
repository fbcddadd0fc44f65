using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Grains.Assignments;

/// <summary>The assignment under the membership that this silo knows, with an event for every new assignment.</summary>
internal sealed partial class ClusterAssignment(
    IClusterMembershipService membership, ILocalSiloDetails silo, ClusterTopics topics, ILogger<ClusterAssignment> logger)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private PartitionAssignment _current = new([]);
    private volatile HashSet<SiloAddress> _active = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>Raised for every new assignment, on a thread of the pool.</summary>
    public event Action? Changed;

    public SiloAddress Silo => silo.SiloAddress;

    /// <summary>Gets whether this silo does the work that exactly one silo of the cluster has to do.</summary>
    public bool IsFirst => _active.Min() is { } first && first.Equals(Silo);

    /// <summary>Gets whether this silo is active, as it knows itself.</summary>
    public bool IsActive => _active.Contains(Silo);

    /// <summary>Gets the number of active silos.</summary>
    public int Silos => _active.Count;

    public bool IsMine(TopicPartition partition) => OwnerOf(partition) is { } owner && owner.Equals(Silo);

    public SiloAddress? OwnerOf(TopicPartition partition)
    {
        lock (_lock)
        {
            return _current.OwnerOf(partition, topics.PartitionsOf(partition.Topic));
        }
    }

    /// <summary>Raises <see cref="Changed"/>, because there are new topics.</summary>
    public void Renew()
    {
        lock (_lock)
        {
            _current = new PartitionAssignment(_active);
        }

        Changed?.Invoke();
    }

    public void Start() => _watching = Task.Run(WatchAsync);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync()
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(_stopping.Token))
        {
            var active = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active)
                .Select(member => member.SiloAddress)
                .ToHashSet();
            if (active.SetEquals(_active))
            {
                continue;
            }

            _active = active;
            if (active.Contains(Silo))
            {
                LogChanged(logger, active.Count);
            }

            Renew();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Partitions are now spread over {Silos} silos")]
    private static partial void LogChanged(ILogger logger, int silos);
}
