using System.Text;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>Converts lines to records.</summary>
internal interface ILineRecords
{
    /// <summary>Makes the record; null for a line without a record, such as a blank one.</summary>
    /// <exception cref="BadLineException">The line is not a valid record.</exception>
    ProducerRecord? Make(ReadOnlyMemory<byte> line);
}

/// <summary>Each line is a value as it stands. A pattern may find its key.</summary>
/// <param name="keyPattern">
/// The pattern. The key is its group <c>key</c>, else its first group, else the whole match. A line without a match has no key. Null for
/// records without keys.
/// </param>
internal sealed class TextRecords(Regex? keyPattern) : ILineRecords
{
    public ProducerRecord? Make(ReadOnlyMemory<byte> line) => new() { Key = KeyOf(keyPattern, line.Span), Value = line };

    /// <summary>Finds the key of a line; default memory if it has none.</summary>
    public static ReadOnlyMemory<byte> KeyOf(Regex? pattern, ReadOnlySpan<byte> line)
    {
        if (pattern is null)
        {
            return default;
        }

        var match = Find(pattern, Encoding.UTF8.GetString(line));
        if (!match.Success)
        {
            return default;
        }

        var group = match.Groups.TryGetValue("key", out var named) ? named : match.Groups.Count > 1 ? match.Groups[1] : match;
        return group.Success ? Bytes.Of(group.Value) : default;
    }

    private static Match Find(Regex pattern, string line)
    {
        try
        {
            return pattern.Match(line);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new BadLineException($"--key-pattern has not found its key within {pattern.MatchTimeout.TotalSeconds:0} s, the limit. "
                + "Give a pattern that tries less, such as one that begins with ^ and has no repetition within a repetition.");
        }
    }
}

/// <summary>A line is not a valid record.</summary>
/// <param name="fault">The fault, without the line's number: <c>it is not one JSON value.</c></param>
internal sealed class BadLineException(string fault) : Exception(fault);
