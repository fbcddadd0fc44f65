using System.Globalization;

namespace Orleans.Pipeline;

/// <summary>A place in a dead-letter topic.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset there.</param>
public readonly record struct DeadLetterPosition(int Partition, long Offset)
{
    /// <summary>Parses the text that <see cref="ToString"/> returns.</summary>
    /// <param name="text">The place as <c>3:17</c>.</param>
    /// <param name="position">The place, if the text is one.</param>
    /// <returns>Whether the text is a place.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DeadLetterPosition position)
    {
        var colon = text.IndexOf(':');
        if (colon > 0
            && int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            position = new(partition, offset);
            return true;
        }

        position = default;
        return false;
    }

    /// <summary>Returns the place as <c>3:17</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}:{Offset}");
}
