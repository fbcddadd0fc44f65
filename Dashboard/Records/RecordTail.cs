using Orleans.Pipeline.Dashboard.Sampling;
using Orleans.Pipeline.Dashboard.Text;

namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>
/// The newest records of a topic, for people to follow. Each sample adds some of the records that were appended since, the newest first.
/// The numbers of partitions read and of records kept are bounded, whatever the rate.
/// </summary>
internal sealed class RecordTail
{
    private const int MaximumRecords = 100;
    private const int MaximumPartitions = 16;

    private readonly RecordPageReader _reader;
    private readonly RecordQuery _query;
    private readonly RecordFilter _filter;
    private IReadOnlyList<PartitionBounds> _seen;
    private bool _following;

    public RecordTail(RecordPageReader reader, TopicState topic, RecordQuery query)
    {
        _reader = reader;
        _query = query;
        _filter = new RecordFilter(query.Text);
        _seen = topic.Bounds;
    }

    public IReadOnlyList<RecordView> Records { get; private set; } = [];

    public string Told { get; private set; } = "Waiting for the next record …";

    public async Task FollowAsync(TopicState topic, CancellationToken cancellationToken)
    {
        if (_following || topic.Bounds.Count != _seen.Count)
        {
            return;
        }

        _following = true;
        try
        {
            var (before, now) = (_seen, topic.Bounds);
            _seen = now;
            var grown = Enumerable.Range(0, now.Count)
                .Where(partition => (_query.Partition ?? partition) == partition && now[partition].End > before[partition].End)
                .OrderByDescending(partition => now[partition].End - before[partition].End)
                .ToList();
            if (grown.Count == 0)
            {
                return;
            }

            var found = await ReadAsync(topic, grown, before, now, cancellationToken);
            var come = grown.Sum(partition => now[partition].End - before[partition].End);
            Told = found.Count == come ? $"{Format.Plural(come, "new record")}" : $"{Format.Full(found.Count)} of "
                + $"{Format.Plural(come, "new record")} shown";
            Records = [.. found.OrderByDescending(record => record.Timestamp).ThenByDescending(record => record.Offset).Concat(Records)
                .Take(MaximumRecords)];
        }
        finally
        {
            _following = false;
        }
    }

    private async Task<List<RecordView>> ReadAsync(
        TopicState topic, List<int> grown, IReadOnlyList<PartitionBounds> before, IReadOnlyList<PartitionBounds> now,
            CancellationToken cancellationToken)
    {
        var found = new List<RecordView>();
        var read = grown.Take(MaximumPartitions).ToList();
        foreach (var partition in read)
        {
            var from = Math.Max(before[partition].End, now[partition].Start);
            await _reader.ReadNewestAsync(
                new TopicPartition(topic.Description.Topic, partition),
                from,
                now[partition].End,
                Math.Max(1, MaximumRecords / read.Count),
                _filter,
                found,
                cancellationToken);
        }

        return found;
    }
}
