using Orleans.Pipeline.Grains.Assignments;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>Gives each silo the queues of the partitions that it owns.</summary>
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

    public IEnumerable<QueueId> GetMyQueues() => [.. _queues!.GetAllQueues().Where(IsMine)];

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
        readers.Release(queue => !IsMine(queue));
        lock (_lock)
        {
            _listeners.ForEach(listener => listener.QueueDistributionChangeNotification().Ignore());
        }
    }
}
