using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>The end of a read: an offset in each partition, or the first record at or after a time.</summary>
internal sealed class ReadEnd
{
    private readonly Dictionary<int, long> _offsets;
    private readonly long _timestampMs;
    private readonly HashSet<int> _reached = [];

    private ReadEnd(Dictionary<int, long> offsets, long timestampMs) => (_offsets, _timestampMs) = (offsets, timestampMs);

    /// <summary>Whether every partition has reached its end.</summary>
    public bool IsReached => _reached.Count == _offsets.Count;

    /// <summary>Finds the end in each partition, before the place <paramref name="to"/>.</summary>
    /// <exception cref="UsageException">The place is the start.</exception>
    public static async Task<ReadEnd> FindAsync(
        Place to, TopicDetails topic, IEnumerable<int> partitions, ITopicLog log, CancellationToken cancellationToken)
    {
        var offsets = new Dictionary<int, long>();
        foreach (var partition in partitions)
        {
            var bounds = topic.Partitions[partition];
            offsets[partition] = to.Kind switch
            {
                PlaceKind.Offset => to.Offset,
                PlaceKind.BeforeEnd => bounds.End - to.Offset,
                PlaceKind.Positions => to.Positions.Offsets.GetValueOrDefault(partition, bounds.End),
                PlaceKind.Time => await log.FindOffsetAsync(new(topic.Description.Topic, partition), to.Time, cancellationToken),
                PlaceKind.End => bounds.End,
                _ => throw new UsageException("There are no records before the start. Give --to another place."),
            };
        }

        return new(offsets, to.Kind == PlaceKind.Time ? to.Time.ToUnixTimeMilliseconds() : long.MinValue);
    }

    /// <summary>Whether a record is at or after the end. The partition has then reached its end.</summary>
    public bool IsBehind(in ConsumerRecord record)
    {
        var partition = record.Partition.Partition;

        // The offset of a time is that of a batch, whose first records may be older.
        if (_reached.Contains(partition) || (record.Offset >= _offsets[partition] && record.TimestampMs >= _timestampMs))
        {
            _reached.Add(partition);
            return true;
        }

        return false;
    }
}
