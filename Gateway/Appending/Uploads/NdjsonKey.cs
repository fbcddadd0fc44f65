using System.Text.Json;
using System.Text.Unicode;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>Checks a line of newline-delimited JSON and finds its record's key; the line's bytes are the record's value as they stand.</summary>
internal static class NdjsonKey
{
    /// <summary>Checks that a line is one JSON value and finds its key.</summary>
    /// <param name="line">The line.</param>
    /// <param name="keyField">The top-level field that holds the key; null for records without keys.</param>
    /// <param name="position">Which line it is, for the error.</param>
    /// <returns>The key; a default span if it has none.</returns>
    /// <exception cref="InvalidRecordException">The line is not one JSON value, or its key field holds no key.</exception>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line, string? keyField, RecordPosition position)
    {
        if (!Utf8.IsValid(line))
        {
            throw new InvalidRecordException(position, "it is not UTF-8.");
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
            throw new InvalidRecordException(position, $"it is not one JSON value: {JsonBodies.Fault(fault)} (byte {fault.BytePositionInLine + 1})");
        }

        return key;
    }

    private static ReadOnlySpan<byte> KeyAt(scoped ref Utf8JsonReader reader, string keyField, RecordPosition position) => reader.TokenType switch
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

        var text = new byte[reader.ValueSpan.Length];
        try
        {
            return text.AsSpan(0, reader.CopyString(text));
        }
        catch (InvalidOperationException)
        {
            throw new InvalidRecordException(position, $"its key field '{keyField}' escapes half a surrogate pair, which is no text.");
        }
    }
}
