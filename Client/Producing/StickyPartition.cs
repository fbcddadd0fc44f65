namespace Orleans.Pipeline.Client.Producing;

/// <summary>
/// The partition for records without a key. It stays the same until its batch is closed, then changes to another at random, so that
/// batches fill instead of every partition getting a few records (Kafka's sticky partitioner, KIP-480).
/// </summary>
internal sealed class StickyPartition(int partitions, Random random)
{
    private int _current = random.Next(partitions);

    public int Current => Volatile.Read(ref _current);

    /// <summary>Selects another partition after the batch of a partition was closed, if that partition is the current one.</summary>
    public void Leave(int partition)
    {
        if (partitions > 1 && Current == partition)
        {
            var other = random.Next(partitions - 1);
            Interlocked.CompareExchange(ref _current, other < partition ? other : other + 1, partition);
        }
    }
}
