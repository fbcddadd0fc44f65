using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>A run of characters of one kind.</summary>
/// <param name="Kind">The CSS class; empty for none.</param>
/// <param name="Text">The characters.</param>
internal readonly record struct JsonRun(string Kind, string Text);

/// <summary>Formats JSON in lines, as runs of names, texts, numbers and words.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<JsonRun>? Of(ReadOnlySpan<byte> value)
    {
        var start = value.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty || start[0] is not ((byte)'{' or (byte)'['))
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(value);
            using var document = JsonDocument.ParseValue(ref reader);
            return RunsOf(Write(document));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Escapes of half a surrogate pair are JSON, but cannot be read as text.
            return null;
        }
    }

    private static byte[] Write(JsonDocument document)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            document.WriteTo(writer);
        }

        return text.ToArray();
    }

    private static List<JsonRun> RunsOf(byte[] json)
    {
        var runs = new List<JsonRun>();
        var reader = new Utf8JsonReader(json);
        var written = 0;
        while (reader.Read())
        {
            if (KindOf(reader.TokenType) is { } kind)
            {
                var start = (int)reader.TokenStartIndex;
                var length = (int)(reader.BytesConsumed - start);
                var token = json.AsSpan(start, length);
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    length = token.LastIndexOf((byte)'"') + 1;
                }

                runs.Add(new JsonRun("", Encoding.UTF8.GetString(json.AsSpan(written, start - written))));
                runs.Add(new JsonRun(kind, Encoding.UTF8.GetString(json.AsSpan(start, length))));
                written = start + length;
            }
        }

        runs.Add(new JsonRun("", Encoding.UTF8.GetString(json.AsSpan(written))));
        return runs;
    }

    private static string? KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.PropertyName => "json-name",
        JsonTokenType.String => "json-text",
        JsonTokenType.Number => "json-number",
        JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => "json-word",
        _ => null,
    };
}
