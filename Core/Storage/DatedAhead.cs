using System.Collections.Concurrent;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Storage;

/// <summary>
/// Counts the records that producers date ahead of the clock, in the metric <c>pipeline.topic.append.ahead</c>, and reports the first one
/// of each topic.
/// </summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="limit">How far ahead of the clock a record may be dated.</param>
/// <param name="report">Reports the first record of a topic: its partition, its offset and its time.</param>
public sealed class DatedAhead(TimeProvider timeProvider, TimeSpan limit, Action<TopicPartition, long, DateTimeOffset> report)
{
    private readonly ConcurrentDictionary<TopicName, bool> _reported = new();

    private long Latest => timeProvider.GetUtcNow().ToUnixTimeMilliseconds() + (long)limit.TotalMilliseconds;

    /// <summary>Returns whether a batch has a record that is dated ahead.</summary>
    internal bool IsIn(RecordBatch batch) => batch.MaximumTimestamp > Latest;

    /// <summary>Counts the records of an appended batch that are dated ahead.</summary>
    internal void Note(TopicPartition partition, RecordBatch batch, long baseOffset)
    {
        var (latest, records) = (Latest, 0);
        foreach (var record in batch.Decompress())
        {
            if (record.Timestamp > latest && ++records == 1 && _reported.TryAdd(partition.Topic, true))
            {
                report(
                    partition, baseOffset + record.Offset - batch.BaseOffset, DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp));
            }
        }

        TopicTelemetry.NoteAhead(partition.Topic, records);
    }
}
