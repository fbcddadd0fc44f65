namespace Orleans.Pipeline.Bench.Cluster.Streams;

/// <summary>How many records the consumers of this process have taken.</summary>
internal sealed class StreamProgress
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _taken;

    public long Taken => Interlocked.Read(ref _taken);

    public void Take(int records)
    {
        lock (_lock)
        {
            _taken += records;
            while (_waiting.TryPeek(out var waiter, out var count) && count <= _taken)
            {
                _waiting.Dequeue();
                waiter.SetResult();
            }
        }
    }

    /// <summary>Waits until so many are taken.</summary>
    public Task WhenTakenAsync(long count)
    {
        lock (_lock)
        {
            if (count <= _taken)
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter, count);
            return waiter.Task;
        }
    }
}
