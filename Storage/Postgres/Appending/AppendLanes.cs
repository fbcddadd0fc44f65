namespace Orleans.Pipeline.Storage.Postgres.Appending;

/// <summary>The lanes, among which the partitions are spread.</summary>
internal sealed class AppendLanes(AppendLane[] lanes)
{
    public void Start()
    {
        foreach (var lane in lanes)
        {
            lane.Start();
        }
    }

    /// <summary>Appends a batch after those that were handed in for the same partition before.</summary>
    public Task<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken)
    {
        var lane = (uint)(partition.Topic.GetHashCode() + partition.Partition) % (uint)lanes.Length;
        return lanes[lane].AppendAsync(partition, batch, cancellationToken);
    }

    /// <summary>Takes no more batches, and appends those that wait.</summary>
    public Task StopAsync() => Task.WhenAll(lanes.Select(lane => lane.StopAsync()));
}
