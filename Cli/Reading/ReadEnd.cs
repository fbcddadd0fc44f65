using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>Where a reading ends: an offset in each partition, or the first record of a time or newer.</summary>
internal sealed class ReadEnd
{
    private readonly Dictionary<int, long> _offsets;
    private readonly long _timestampMs;
    private readonly HashSet<int> _reached = [];

    private ReadEnd(Dictionary<int, long> offsets, long timestampMs) => (_offsets, _timestampMs) = (offsets, timestampMs);

    /// <summary>Whether every partition that is read has come there.</summary>
    public bool IsReached => _reached.Count == _offsets.Count;

    /// <summary>Finds the end in each partition.</summary>
    /// <param name="to">The place before which to end.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="partitions">The partitions to read.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <exception cref="UsageException">Nothing lies before the place.</exception>
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

    /// <summary>Whether a record lies behind the end, and its partition with it.</summary>
    public bool IsBehind(in ConsumerRecord record)
    {
        var partition = record.Partition.Partition;

        // A time is found to the batch, in which older records may come first.
        if (_reached.Contains(partition) || (record.Offset >= _offsets[partition] && record.TimestampMs >= _timestampMs))
        {
            _reached.Add(partition);
            return true;
        }

        return false;
    }
}
