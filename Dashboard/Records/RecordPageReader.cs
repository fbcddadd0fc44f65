using System.Diagnostics;
using Orleans.Pipeline.Dashboard.Sampling;

namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>Reads records a page at a time, for a few seconds at most, from all partitions in turn.</summary>
internal sealed class RecordPageReader(ITopicStore store)
{
    private const int PageRecords = 100;
    private const int ReadBytes = 1 << 20;
    private const int SmallReadBytes = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<RecordPage> ReadAsync(TopicState topic, RecordQuery query, CancellationToken cancellationToken) =>
        await GoOnAsync(topic, await RecordWalk.BeginAsync(store, topic.Description.Topic, query, cancellationToken), cancellationToken);

    /// <summary>Reads the next page of a walk.</summary>
    public async Task<RecordPage> GoOnAsync(TopicState topic, RecordWalk walk, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var filter = new RecordFilter(walk.Query.Text);
        var left = walk.Left.Where(range => range.Value.From < range.Value.To).ToDictionary();
        var window = WindowOf(topic, walk.Query, left.Count);
        var found = new List<RecordView>();
        var searched = 0L;
        while (left.Count > 0 && found.Count < PageRecords && Stopwatch.GetElapsedTime(start) < Patience)
        {
            foreach (var (partition, range) in left.ToList())
            {
                var part = walk.Query.IsBackward
                    ? (From: Math.Max(range.From, range.To - window), range.To)
                    : (range.From, To: Math.Min(range.To, range.From + window));
                searched += await ReadAsync(new TopicPartition(topic.Description.Topic, partition), part, filter, found, cancellationToken);
                left[partition] = walk.Query.IsBackward ? (range.From, part.From) : (part.To, range.To);
                if (left[partition].From >= left[partition].To)
                {
                    left.Remove(partition);
                }

                if (Stopwatch.GetElapsedTime(start) >= Patience || (filter.IsOpen && found.Count >= PageRecords))
                {
                    break;
                }
            }
        }

        var records = walk.Query.IsBackward
            ? found.OrderByDescending(record => record.Timestamp)
                .ThenBy(record => record.Partition).ThenByDescending(record => record.Offset)
            : found.OrderBy(record => record.Timestamp).ThenBy(record => record.Partition).ThenBy(record => record.Offset);
        return new RecordPage([.. records], searched, left.Count == 0 ? null : new RecordWalk(walk.Query, left));
    }

    /// <summary>Reads the newest of the records that were appended to a partition, for a live view.</summary>
    public async Task ReadNewestAsync(
        TopicPartition partition, long from, long to, int most, RecordFilter filter, List<RecordView> found,
        CancellationToken cancellationToken) =>
        await ReadAsync(partition, (filter.IsOpen ? Math.Max(from, to - most) : from, to), filter, found, cancellationToken);

    /// <summary>
    /// Returns how many records of a partition are read in turn: a part of a page without a search text, some megabytes with one.
    /// </summary>
    private static long WindowOf(TopicState topic, RecordQuery query, int partitions)
    {
        if (query.Text.Length == 0)
        {
            return Math.Max(1, (PageRecords + partitions - 1) / Math.Max(1, partitions));
        }

        var bytesPerRecord = topic.Records == 0 ? 1 : Math.Max(1, topic.Bytes / topic.Records);
        return Math.Max(PageRecords, 2 * ReadBytes / bytesPerRecord);
    }

    private async Task<long> ReadAsync(
        TopicPartition partition, (long From, long To) range, RecordFilter filter, List<RecordView> found,
        CancellationToken cancellationToken)
    {
        var next = range.From;
        while (next < range.To)
        {
            var batches = await ReadOrSkipAsync(partition, next, filter.IsOpen ? SmallReadBytes : ReadBytes, cancellationToken);
            if (batches.Count == 0)
            {
                break;
            }

            foreach (var batch in batches)
            {
                Look(batch.Decompress(), partition.Partition, (next, range.To), filter, found);
            }

            next = batches[^1].NextOffset;
        }

        return range.To - range.From;
    }

    /// <summary>Reads from an offset. If retention has removed its record, reads from the first record that is left.</summary>
    private async Task<IReadOnlyList<RecordBatch>> ReadOrSkipAsync(
        TopicPartition partition, long offset, int bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(partition, offset, bytes, TimeSpan.Zero, cancellationToken);
        }
        catch (OffsetOutOfRangeException gone) when (gone.Start > offset)
        {
            return await store.ReadAsync(partition, gone.Start, bytes, TimeSpan.Zero, cancellationToken);
        }
    }

    private static void Look(
        RecordBatch batch, int partition, (long From, long To) range, RecordFilter filter, List<RecordView> found)
    {
        foreach (var record in batch)
        {
            if (record.Offset >= range.From && record.Offset < range.To && filter.Matches(record))
            {
                found.Add(RecordView.Of(partition, record));
            }
        }
    }
}
