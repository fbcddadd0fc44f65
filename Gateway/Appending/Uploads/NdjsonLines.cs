using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>Splits a body into lines as it arrives, and counts them.</summary>
/// <param name="limit">The most bytes of a line, without its end.</param>
internal sealed class NdjsonLines(int limit)
{
    private const int LineEndBytes = 2;

    /// <summary>The bytes at the start of the rest that were searched and have no end of a line.</summary>
    private long _scanned;

    /// <summary>The number of the line taken last, from 1.</summary>
    public long Number { get; private set; }

    public RecordPosition Position => new("Line", Number);

    /// <summary>Takes the next line if it has arrived as a whole.</summary>
    /// <param name="rest">The bytes that arrived and were not taken yet. Afterwards they begin after the line.</param>
    /// <param name="isLast">Whether the body has ended.</param>
    /// <param name="line">The line, without its line feed.</param>
    /// <exception cref="InvalidRecordException">The line is longer than any record may be.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        var end = rest.Slice(_scanned).PositionOf((byte)'\n');
        line = end is null ? rest : rest.Slice(0, end.Value);
        if (end is null && line.Length <= limit + LineEndBytes && (!isLast || rest.IsEmpty))
        {
            _scanned = rest.Length;
            return false;
        }

        Number++;
        _scanned = 0;
        if (line.Length > limit + LineEndBytes)
        {
            throw new InvalidRecordException(Position, $"it has {(end is null ? "over " : "")}{line.Length} bytes; the limit of a record "
                + $"is {limit}.");
        }

        rest = end is null ? rest.Slice(rest.End) : rest.Slice(rest.GetPosition(1, end.Value));
        return true;
    }
}

/// <summary>
/// Checks lines of newline-delimited JSON and finds the keys of their records. A line's bytes become the record's value unchanged.
/// </summary>
internal static class NdjsonKey
{
    /// <summary>Checks that a line is one JSON value and finds its key.</summary>
    /// <param name="line">The line.</param>
    /// <param name="keyField">The top-level field that holds the key; null for records without keys.</param>
    /// <param name="position">The line's position, for errors.</param>
    /// <returns>The key; a default span if it has none.</returns>
    /// <exception cref="InvalidRecordException">The line is not one JSON value, or its key field holds no key.</exception>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line, string? keyField, RecordPosition position)
    {
        if (!Utf8.IsValid(line))
        {
            throw new InvalidRecordException(position, "it is not UTF-8.");
        }

        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = int.MaxValue });
        ReadOnlySpan<byte> key = default;
        try
        {
            while (reader.Read())
            {
                if (keyField is not null && reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 }
                    && reader.IsNamed(keyField))
                {
                    reader.Read();
                    key = KeyAt(ref reader, keyField, position);
                }
            }
        }
        catch (JsonException fault)
        {
            throw new InvalidRecordException(position, $"it is not one JSON value: {JsonBodies.Fault(fault)} (byte "
                + $"{fault.BytePositionInLine + 1})");
        }

        return key;
    }

    private static ReadOnlySpan<byte> KeyAt(scoped ref Utf8JsonReader reader, string keyField, RecordPosition position) =>
        reader.TokenType switch
        {
            JsonTokenType.String => TextAt(ref reader, keyField, position),
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => reader.ValueSpan,
            JsonTokenType.Null => default,
            _ => throw new InvalidRecordException(
                position, $"its key field '{keyField}' is an object or array. A key must be a string, a number, true, false or null."),
        };

    private static ReadOnlySpan<byte> TextAt(scoped ref Utf8JsonReader reader, string keyField, RecordPosition position)
    {
        if (!reader.ValueIsEscaped && reader.ValueSpan.Length > 0)
        {
            return reader.ValueSpan;
        }

        return reader.TextOf()
            ?? throw new InvalidRecordException(position, $"its key field '{keyField}' escapes half a surrogate pair, which is no text.");
    }
}
