using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>
/// Each line is one JSON value, and its bytes become the record's value. Fields of it may supply the key and the time. Blank lines are
/// skipped.
/// </summary>
/// <param name="keyField">
/// The top-level field that holds the key, as in the HTTP API: the text of a string, or a number or truth value as written; null for none.
/// </param>
/// <param name="keyPattern">The pattern that finds the key; null for none.</param>
/// <param name="timestampField">The top-level field that holds the time: ISO 8601, or milliseconds since 1970; null for now.</param>
internal sealed class JsonValueRecords(string? keyField, Regex? keyPattern, string? timestampField) : ILineRecords
{
    public ProducerRecord? Make(ReadOnlyMemory<byte> line)
    {
        if (line.Span.Trim(" \t"u8).IsEmpty)
        {
            return null;
        }

        if (!Utf8.IsValid(line.Span))
        {
            throw new BadLineException("it is not UTF-8.");
        }

        var record = new ProducerRecord { Key = TextRecords.KeyOf(keyPattern, line.Span), Value = line };
        var reader = new Utf8JsonReader(line.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                {
                    continue;
                }

                var isKey = keyField is not null && reader.IsNamed(keyField);
                var isTime = timestampField is not null && reader.IsNamed(timestampField);
                if (isKey || isTime)
                {
                    reader.Read();
                    record = record with
                    {
                        Key = isKey ? KeyAt(ref reader) : record.Key,
                        Timestamp = isTime ? TimeAt(ref reader) : record.Timestamp,
                    };
                }
            }
        }
        catch (JsonException fault)
        {
            throw new BadLineException(JsonFault.Of(fault));
        }

        return record;
    }

    private ReadOnlyMemory<byte> KeyAt(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => TextAt(ref reader, keyField!),
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => reader.ValueSpan.ToArray(),
        JsonTokenType.Null => default,
        _ => throw new BadLineException($"its key field '{keyField}' is an object or array. A key must be a string, a number, true, false or null."),
    };

    private DateTimeOffset? TimeAt(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when reader.TryGetInt64(out var milliseconds) && RecordTime.IsValid(milliseconds):
                return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            case JsonTokenType.String when TimeText.TryParse(
                Encoding.UTF8.GetString(TextAt(ref reader, timestampField!)), out var time):
                return time;
            case JsonTokenType.String or JsonTokenType.Number:
                throw new BadLineException(
                    $"its timestamp field '{timestampField}' is '{Encoding.UTF8.GetString(reader.ValueSpan)}'. Give {TimeText.Forms}.");
            default:
                throw new BadLineException($"its timestamp field '{timestampField}' is no time. Give {TimeText.Forms}.");
        }
    }

    private static byte[] TextAt(ref Utf8JsonReader reader, string field) => reader.TextOf()
        ?? throw new BadLineException($"its field '{field}' escapes half a surrogate pair, which is no text.");
}

/// <summary>Describes a fault of JSON for people.</summary>
internal static class JsonFault
{
    public static string Of(JsonException fault)
    {
        var message = fault.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"it is not one JSON value: {(end < 0 ? message : message[..end])} (byte {fault.BytePositionInLine + 1}).";
    }
}
