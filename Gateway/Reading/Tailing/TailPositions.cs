using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Reading.Tailing;

/// <summary>
/// The next offset of a tail on each of its partitions. As text it is the id of an event: <c>0:17,1:5</c> means that offset 17 comes next
/// on partition 0, and offset 5 on partition 1. Behind an <c>@</c> it has the identity of the topic.
/// </summary>
internal sealed class TailPositions
{
    private const byte OffsetMark = (byte)':';
    private const byte PartitionMark = (byte)',';
    private const byte TopicMark = (byte)'@';

    /// <summary>The most bytes of a partition, an offset and their marks.</summary>
    private const int MaximumEntryBytes = 40;

    private readonly PartitionOffset[] _positions;
    private readonly Dictionary<int, int> _places;

    /// <param name="positions">One or more, each partition once.</param>
    public TailPositions(IReadOnlyList<PartitionOffset> positions)
    {
        _positions = [.. positions];
        _places = _positions.Select((position, place) => (position.Partition, place)).ToDictionary();
    }

    public IReadOnlyList<PartitionOffset> All => _positions;

    /// <summary>Reads the text of positions.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The name of the parameter or header, for the error.</param>
    /// <exception cref="InvalidRequestException">The text has no valid positions.</exception>
    public static TailPositions Parse(string text, string source)
    {
        var positions = new List<PartitionOffset>();
        var topicMark = text.IndexOf((char)TopicMark, StringComparison.Ordinal);
        var topicId = Guid.Empty;
        var isValid = topicMark < 0 || Guid.TryParse(text.AsSpan(topicMark + 1), out topicId);
        foreach (var entry in (topicMark < 0 ? text : text[..topicMark]).Split((char)PartitionMark))
        {
            var mark = entry.IndexOf((char)OffsetMark, StringComparison.Ordinal);
            if (!isValid
                || mark < 0
                || !int.TryParse(entry.AsSpan(0, mark), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                || !long.TryParse(entry.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                || positions.Exists(position => position.Partition == partition))
            {
                throw new InvalidRequestException($"'{source}' is '{text}'; give partitions and the offsets to start from, each partition "
                    + $"once, such as 0:17,1:5.");
            }

            positions.Add(new(partition, offset) { TopicId = topicId });
        }

        return new(positions);
    }

    public long this[int partition]
    {
        get => _positions[_places[partition]].Offset;
        set => _positions[_places[partition]] = _positions[_places[partition]] with { Offset = value };
    }

    /// <summary>Returns the positions as those of a topic, unless they are of one already.</summary>
    public TailPositions Of(Guid topicId) =>
        new([.. _positions.Select(position => position.TopicId == Guid.Empty ? position with { TopicId = topicId } : position)]);

    public void WriteTo(IBufferWriter<byte> output)
    {
        for (var place = 0; place < _positions.Length; place++)
        {
            var entry = output.GetSpan(MaximumEntryBytes);
            var length = 0;
            if (place > 0)
            {
                entry[length++] = PartitionMark;
            }

            Utf8Formatter.TryFormat(_positions[place].Partition, entry[length..], out var written);
            length += written;
            entry[length++] = OffsetMark;
            Utf8Formatter.TryFormat(_positions[place].Offset, entry[length..], out written);
            output.Advance(length + written);
        }

        if (_positions is [var first, ..] && first.TopicId != Guid.Empty)
        {
            var end = output.GetSpan(MaximumEntryBytes);
            end[0] = TopicMark;
            Utf8Formatter.TryFormat(first.TopicId, end[1..], out var written, 'N');
            output.Advance(1 + written);
        }
    }
}
