using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Segments;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>Appends batches on the writer thread.</summary>
internal sealed class BatchLog(
    Connection connection, SegmentLog segments, TopicDirectory topics, ProducerSequences sequences, TimeProvider timeProvider)
{
    private readonly Statement _insert = connection.Prepare(
        $"""
        INSERT INTO pipeline_batches (position, records, maximum_timestamp, bytes_before, batch, appended_at, {SegmentPlace.Columns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    public AppendResult Append(WriteTransaction transaction, TopicPartition partition, Guid topicId, RecordBatch batch)
    {
        var state = topics.GetPending(partition, topicId);
        if (batch.ProducerId == RecordBatch.NoProducer)
        {
            return Append(transaction, state, batch);
        }

        if (sequences.Judge(state, batch) is { } repeat)
        {
            return repeat;
        }

        var result = Append(transaction, state, batch);
        sequences.Remember(transaction, state, batch, result.BaseOffset);
        return result;
    }

    /// <summary>Finds the partitions of batches, before anything is written.</summary>
    public PartitionState[] FindTargets(IReadOnlyList<TopicAppend> appends)
    {
        var targets = new PartitionState[appends.Count];
        for (var index = 0; index < targets.Length; index++)
        {
            targets[index] = topics.GetPending(appends[index].Partition);
        }

        return targets;
    }

    /// <summary>Appends batches to their partitions, without regard to the producers that they name.</summary>
    public void Append(WriteTransaction transaction, PartitionState[] targets, IReadOnlyList<TopicAppend> appends)
    {
        for (var index = 0; index < targets.Length; index++)
        {
            Append(transaction, targets[index], appends[index].Batch);
        }
    }

    private AppendResult Append(WriteTransaction transaction, PartitionState partition, RecordBatch batch)
    {
        var before = partition.Contents.Pending;
        var appendedAt = Math.Max(before.AppendedAt, timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        var timestamp = Math.Min(batch.MaximumTimestamp, appendedAt + (long)RecordTime.MaximumAhead.TotalMilliseconds);
        var after = before with
        {
            End = before.End + batch.Count,
            BytesThrough = before.BytesThrough + batch.Bytes.Length,
            MaximumTimestamp = Math.Max(before.MaximumTimestamp, timestamp),
            AppendedAt = appendedAt,
        };
        var place = segments.Takes(transaction, batch.Bytes.Length) ? segments.Append(transaction, batch.Bytes) : default(SegmentPlace?);
        _insert.Bind(1, BatchPosition.Of(partition.Number, after.End - 1)).Bind(2, batch.Count)
            .Bind(3, after.MaximumTimestamp).Bind(4, before.BytesThrough).Bind(5, place is null ? batch.Bytes.Span : [])
            .Bind(6, appendedAt).Bind(7, place?.Segment).Bind(8, place?.Position).Bind(9, place?.Bytes).Run();
        partition.Contents.Set(after, transaction);
        return new(before.End, after.End, IsRepeat: false);
    }
}
