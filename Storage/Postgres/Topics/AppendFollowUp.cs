using Orleans.Pipeline.Storage.Postgres.Notifications;
using Orleans.Pipeline.Storage.Postgres.Reading;

namespace Orleans.Pipeline.Storage.Postgres.Topics;

/// <summary>The steps after a committed append, for batches that came alone and for those of a commit.</summary>
internal sealed class AppendFollowUp(SegmentGrowth growth, RecentBatches recent, Notifier notifier)
{
    /// <summary>Keeps a batch for readers of this process, and wakes the partition's readers.</summary>
    public void Publish(int partition, long baseOffset, RecordBatch batch)
    {
        recent.Add(partition, baseOffset, batch);
        notifier.Notify(partition, baseOffset + batch.Count);
    }

    /// <summary>Counts bytes towards a topic's segment, and starts a new segment if it is full.</summary>
    public ValueTask CountAsync(int topic, int bytes) => growth.CountAsync(topic, bytes);
}
