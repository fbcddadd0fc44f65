using System.Text.Json;
using System.Text.Unicode;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Reads newline-delimited JSON: each line is a JSON value, whose bytes become a record's value as they stand.</summary>
internal static class NdjsonRecords
{
    /// <summary>Adds every line's record; blank lines are passed over.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="keyField">The top-level field that holds the key; null for records without keys.</param>
    /// <param name="partition">The partition of all of them; null to choose by key.</param>
    /// <param name="timestamp">The time of all of them, in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="records">Where they are added.</param>
    /// <exception cref="InvalidRecordException">A line is not one JSON value.</exception>
    public static void Add(ReadOnlySpan<byte> body, string? keyField, int? partition, long timestamp, PartitionedRecords records)
    {
        var number = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            number++;
            var line = body[range].TrimEnd((byte)'\r');
            if (line.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            var position = new RecordPosition("Line", number);
            records.Add(position, KeyOf(line, keyField, position), line, timestamp, headers: null, partition);
        }
    }

    /// <summary>Checks that a line is one JSON value and finds its key; a default span if it has none.</summary>
    private static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> line, string? keyField, RecordPosition position)
    {
        if (!Utf8.IsValid(line))
        {
            throw new InvalidRecordException(position.ToString(), "it is not UTF-8.");
        }

        var reader = new Utf8JsonReader(line);
        ReadOnlySpan<byte> key = default;
        try
        {
            while (reader.Read())
            {
                if (keyField is not null && reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals(keyField))
                {
                    reader.Read();
                    key = KeyAt(ref reader, keyField, position);
                }
            }
        }
        catch (JsonException fault)
        {
            throw new InvalidRecordException(position.ToString(), $"it is not one JSON value: {JsonBodies.Fault(fault)} (byte {fault.BytePositionInLine + 1})");
        }

        return key;
    }

    private static ReadOnlySpan<byte> KeyAt(scoped ref Utf8JsonReader reader, string keyField, RecordPosition position) => reader.TokenType switch
    {
        JsonTokenType.String => TextAt(ref reader, keyField, position),
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => reader.ValueSpan,
        JsonTokenType.Null => default,
        _ => throw new InvalidRecordException(
            position.ToString(), $"its key field '{keyField}' is an object or array. A key must be a string, a number, true, false or null."),
    };

    private static ReadOnlySpan<byte> TextAt(scoped ref Utf8JsonReader reader, string keyField, RecordPosition position)
    {
        if (!reader.ValueIsEscaped && reader.ValueSpan.Length > 0)
        {
            return reader.ValueSpan;
        }

        var text = new byte[reader.ValueSpan.Length];
        try
        {
            return text.AsSpan(0, reader.CopyString(text));
        }
        catch (InvalidOperationException)
        {
            throw new InvalidRecordException(position.ToString(), $"its key field '{keyField}' escapes half a surrogate pair, which is no text.");
        }
    }
}
