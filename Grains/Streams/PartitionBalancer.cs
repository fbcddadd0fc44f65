using Orleans.Pipeline.Grains.Assignments;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>Assigns each silo the queues of the partitions that the silo owns.</summary>
internal sealed class PartitionBalancer(ClusterAssignment assignment, PartitionReaders readers) : IStreamQueueBalancer
{
    private readonly Lock _lock = new();
    private readonly List<IStreamQueueBalanceListener> _listeners = [];
    private IStreamQueueMapper? _queues;

    public Task Initialize(IStreamQueueMapper queueMapper)
    {
        _queues = queueMapper;
        assignment.Changed += Notify;
        return Task.CompletedTask;
    }

    public Task Shutdown()
    {
        assignment.Changed -= Notify;
        return Task.CompletedTask;
    }

    /// <summary>
    /// Returns this silo's queues. After a change the pulling manager calls this, stops the agents of all other queues at once, and keeps
    /// the rest. So only the readers of other queues are released here. A released reader that stayed would never read again.
    /// </summary>
    public IEnumerable<QueueId> GetMyQueues()
    {
        var mine = _queues!.GetAllQueues().Where(IsMine).ToHashSet();
        readers.Release(queue => !mine.Contains(queue));
        return mine;
    }

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_lock)
        {
            _listeners.Add(observer);
            return true;
        }
    }

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_lock)
        {
            return _listeners.Remove(observer);
        }
    }

    private bool IsMine(QueueId queue) => assignment.IsMine(PartitionQueues.PartitionOf(queue));

    private void Notify()
    {
        lock (_lock)
        {
            _listeners.ForEach(listener => listener.QueueDistributionChangeNotification().Ignore());
        }
    }
}
