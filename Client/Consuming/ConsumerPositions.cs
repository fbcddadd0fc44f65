using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Orleans.Pipeline.Client;

/// <summary>
/// The positions of a consumer: the offset of the next record of each partition. Immutable. Save them as text together with your results,
/// and continue from them later with <see cref="ConsumeFrom.Positions"/>. Positions of a consumer know their topic: they are refused for a
/// topic of the same name that was created later.
/// </summary>
public sealed class ConsumerPositions
{
    private readonly FrozenDictionary<int, long> _offsets;

    /// <summary>Creates positions from offsets by partition.</summary>
    /// <param name="offsets">The offset of the next record to read, by partition.</param>
    /// <exception cref="ArgumentOutOfRangeException">A partition or an offset is negative.</exception>
    public ConsumerPositions(IReadOnlyDictionary<int, long> offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        foreach (var (partition, offset) in offsets)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(partition, nameof(offsets));
            ArgumentOutOfRangeException.ThrowIfNegative(offset, nameof(offsets));
        }

        _offsets = offsets.ToFrozenDictionary();
    }

    /// <summary>No positions: every partition is read from the start.</summary>
    public static ConsumerPositions None { get; } = new(FrozenDictionary<int, long>.Empty);

    /// <summary>The offset of the next record, by partition.</summary>
    public IReadOnlyDictionary<int, long> Offsets => _offsets;

    /// <summary>
    /// The identity of the topic that they are of, <see cref="TopicDescription.Id"/>. Default <see cref="Guid.Empty"/>: any topic.
    /// </summary>
    public Guid TopicId { get; init; }

    /// <summary>Reads positions from text.</summary>
    /// <param name="text">The text from <see cref="ToString"/>, such as <c>0:17,1:5</c>.</param>
    /// <exception cref="FormatException">The text holds no positions.</exception>
    public static ConsumerPositions Parse(string text) => TryParse(text, out var positions)
        ? positions
        : throw new FormatException($"'{text}' is not a list of positions. Give partitions with their next offsets, such as 0:17,1:5.");

    /// <summary>Reads positions from text, if the text holds any.</summary>
    /// <param name="text">The text from <see cref="ToString"/>.</param>
    /// <param name="positions">The positions; null if the method returns false.</param>
    /// <returns>Whether the text holds positions.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ConsumerPositions? positions)
    {
        positions = null;
        if (text is null)
        {
            return false;
        }

        var offsets = new Dictionary<int, long>();
        var mark = text.IndexOf('@', StringComparison.Ordinal);
        var topicId = Guid.Empty;
        if (mark >= 0 && !Guid.TryParse(text.AsSpan(mark + 1), out topicId))
        {
            return false;
        }

        text = mark < 0 ? text : text[..mark];
        foreach (var range in text.AsSpan().Split(','))
        {
            var part = text.AsSpan()[range].Trim();
            var colon = part.IndexOf(':');
            if (part.IsEmpty && text.AsSpan().Trim().IsEmpty)
            {
                break;
            }

            if (colon < 0
                || !int.TryParse(part[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                || !long.TryParse(part[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                || !offsets.TryAdd(partition, offset))
            {
                return false;
            }
        }

        positions = new(offsets) { TopicId = topicId };
        return true;
    }

    /// <summary>
    /// Returns the positions as <c>0:17,1:5</c>, by partition, then <c>@</c> and the topic's identity if it is known; empty for none.
    /// </summary>
    public override string ToString()
    {
        var offsets = string.Join(',', _offsets.OrderBy(static offset => offset.Key)
            .Select(static offset => string.Create(CultureInfo.InvariantCulture, $"{offset.Key}:{offset.Value}")));
        return TopicId == Guid.Empty || offsets.Length == 0 ? offsets : $"{offsets}@{TopicId:N}";
    }
}
