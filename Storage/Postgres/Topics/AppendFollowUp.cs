using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>What this process does once batches are committed, whether they came alone or with a commit.</summary>
internal sealed class AppendFollowUp(SegmentGrowth growth, RecentBatches recent, Notifier notifier)
{
    /// <summary>Keeps a batch for readers here, and wakes the partition's readers.</summary>
    public void Publish(int partition, long baseOffset, RecordBatch batch)
    {
        recent.Add(partition, baseOffset, batch);
        notifier.Notify(partition, baseOffset + batch.Count);
    }

    /// <summary>Counts bytes towards a topic's segment, which may begin a new one.</summary>
    public ValueTask CountAsync(int topic, int bytes) => growth.CountAsync(topic, bytes);
}
