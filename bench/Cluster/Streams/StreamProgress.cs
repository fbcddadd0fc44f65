using System.Diagnostics;

namespace Orleans.Pipeline.Bench.Cluster.Streams;

/// <summary>Counts the records that the consumers of this process received.</summary>
internal sealed class StreamProgress
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _taken;

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>The time of the last receipt, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long LastTaken { get; private set; }

    public void Take(int records)
    {
        lock (_lock)
        {
            _taken += records;
            LastTaken = Stopwatch.GetTimestamp();
            while (_waiting.TryPeek(out var waiter, out var count) && count <= _taken)
            {
                _waiting.Dequeue();
                waiter.SetResult();
            }
        }
    }

    /// <summary>Waits until a number of records is received.</summary>
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

    /// <summary>Waits until a number of records is received, or no record arrives for a time.</summary>
    public async Task WhenTakenAsync(long count, TimeSpan patience)
    {
        long before;
        do
        {
            before = Taken;
            await WhenTakenAsync(count).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (before < Taken && Taken < count);
    }
}
