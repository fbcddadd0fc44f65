using Orleans.Pipeline.Storage.Sqlite.Reading;
using Orleans.Pipeline.Storage.Sqlite.Topics;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Retention;

/// <summary>Applies retention: finds the batches to remove over a reading connection, then removes them in slices.</summary>
internal sealed class SqliteRetention(
    Writer writer,
    ReaderPool readers,
    TopicDirectory topics,
    BatchRemoval removal,
    SegmentCompaction compaction,
    ProducerSequences sequences,
    ProducerIdentities identities,
    TimeSpan producerExpiry)
{
    private const int ProducersAtOnce = 1000;

    /// <returns>The number of records removed.</returns>
    public async Task<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await RemoveOrphansAsync(cancellationToken);
        var removed = 0L;
        foreach (var topic in topics.Committed.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                removed += await TrimAsync(partition, topic.Description.Settings, now, cancellationToken);
            }
        }

        await compaction.CompactAsync(cancellationToken);
        await ForgetProducersAsync(now.ToUnixTimeMilliseconds() - (long)producerExpiry.TotalMilliseconds, cancellationToken);
        return removed;
    }

    public async ValueTask RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        while (await writer.WriteAsync(0, removal.RemoveOrphans, cancellationToken))
        {
        }
    }

    private async ValueTask<long> TrimAsync(
        PartitionState partition, TopicSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var limit = await FindLimitAsync(partition, settings, now, cancellationToken);
        var total = 0L;
        while (partition.Contents.Committed.Start < limit)
        {
            var removed = await writer.WriteAsync(
                0, transaction => removal.RemoveSlice(transaction, partition.Partition, limit, settings.DiscardUnread), cancellationToken);
            if (removed == default)
            {
                break;
            }

            StoreTelemetry.NoteRemoved(partition.Partition.Topic, removed.Records, removed.Unread);
            total += removed.Records;
        }

        return total;
    }

    /// <summary>Finds the base offset of the first batch to keep.</summary>
    private async ValueTask<long> FindLimitAsync(
        PartitionState partition, TopicSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var contents = partition.Contents.Committed;
        if (contents.Start == contents.End || (settings.RetentionAge is null && settings.RetentionBytes is null))
        {
            return contents.Start;
        }

        return await readers.ReadAsync(
            reader =>
            {
                var tooOld = settings.RetentionAge is { } age
                    ? reader.FindAppend(partition, contents, now.ToUnixTimeMilliseconds() - (long)age.TotalMilliseconds)
                    : contents.Start;
                var tooMany = settings.RetentionBytes is { } bytes
                    ? reader.FindBytes(partition, contents, contents.BytesThrough - bytes)
                    : contents.Start;
                return Math.Max(tooOld, tooMany);
            },
            cancellationToken);
    }

    private async ValueTask ForgetProducersAsync(long since, CancellationToken cancellationToken)
    {
        while (await readers.ReadAsync(reader => reader.FindUnseen(since, ProducersAtOnce), cancellationToken) is { Count: > 0 } unseen)
        {
            await writer.WriteAsync(0, _ => ForgetUnseen(unseen, since), cancellationToken);
        }

        await writer.WriteAsync(0, _ => ForgetIdentities(since), cancellationToken);
    }

    private int ForgetUnseen(List<(long Producer, int Partition)> unseen, long since)
    {
        sequences.ForgetUnseen(unseen, since);
        return unseen.Count;
    }

    private bool ForgetIdentities(long since)
    {
        identities.ForgetUnseen(since);
        return true;
    }
}
