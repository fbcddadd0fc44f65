using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Orleans.Pipeline.Wire;

[Description("A header of a record. A header without text and base64 has no value.")]
internal class HeaderBody
{
    [Description("The name. Names may repeat.")]
    public required string Name { get; init; }

    [Description("The value if it is text.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    [Description("The value in base64 if it is not text.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Base64 { get; init; }

    public Header ToHeader() => Base64 is { } bytes ? new(Name, bytes)
        : Text is { } text ? Header.Text(Name, text)
        : new(Name, null);
}

[Description("A header of a record to append. A header without text and base64 has no value.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class SentHeaderBody : HeaderBody;

/// <summary>
/// The headers of a record as JSON, in two members. <c>headerList</c> holds every header in order, its bytes unchanged. <c>headers</c> is
/// the older form: an object of text, with the last header of each name.
/// </summary>
internal static class HeaderJson
{
    /// <summary>Writes <c>headers</c>, and <c>headerList</c> if there are any.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Header> headers)
    {
        json.WriteStartObject("headers"u8);
        for (var index = 0; index < headers.Count; index++)
        {
            if (IsLast(headers, index))
            {
                WriteText(json, headers[index]);
            }
        }

        json.WriteEndObject();
        if (headers.Count == 0)
        {
            return;
        }

        json.WriteStartArray("headerList"u8);
        for (var index = 0; index < headers.Count; index++)
        {
            Write(json, headers[index]);
        }

        json.WriteEndArray();
    }

    /// <summary>Reads the headers of <c>headerList</c>, or of <c>headers</c> if there is no list; null if there is neither.</summary>
    public static Header[]? Read(IReadOnlyList<HeaderBody>? list, IReadOnlyDictionary<string, string?>? headers) =>
        list is not null ? [.. list.Select(static header => header.ToHeader())]
        : headers is not null ? [.. headers.Select(static header => OfText(header.Key, header.Value))]
        : null;

    /// <summary>Says what is wrong with the <c>headerList</c> of a record to append; null if nothing is.</summary>
    public static string? FindFault(IReadOnlyList<HeaderBody?>? list)
    {
        for (var index = 0; index < list?.Count; index++)
        {
            switch (list[index])
            {
                case null or { Name: null }:
                    return $"headerList[{index}] has no 'name'. Give {{\"name\":…,\"text\":…}}.";
                case { Text: not null, Base64: not null }:
                    return $"headerList[{index}] has both 'text' and 'base64'; give one.";
            }
        }

        return null;
    }

    private static Header OfText(string name, string? value) => value is null ? new(name, null) : Header.Text(name, value);

    private static bool IsLast(IReadOnlyList<Header> headers, int index)
    {
        for (var later = index + 1; later < headers.Count; later++)
        {
            if (headers[later].Name == headers[index].Name)
            {
                return false;
            }
        }

        return true;
    }

    private static void WriteText(Utf8JsonWriter json, Header header)
    {
        if (header.Value is null)
        {
            json.WriteNull(header.Name);
        }
        else
        {
            json.WriteString(header.Name, header.AsText());
        }
    }

    private static void Write(Utf8JsonWriter json, Header header)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, header.Name);
        if (header.Value is { } value)
        {
            if (Utf8.IsValid(value.Span))
            {
                json.WriteString("text"u8, value.Span);
            }
            else
            {
                json.WriteBase64String("base64"u8, value.Span);
            }
        }

        json.WriteEndObject();
    }
}

/// <summary>Reads an object of headers as text, and refuses a name that comes twice: it would hide a header.</summary>
internal sealed class HeaderMapConverter : JsonConverter<IReadOnlyDictionary<string, string?>>
{
    public override IReadOnlyDictionary<string, string?> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("'headers' is not an object. Give {\"name\":\"text\"}, or headerList.");
        }

        var headers = new Dictionary<string, string?>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            {
                throw new JsonException($"The header '{name}' is neither text nor null.");
            }

            if (!headers.TryAdd(name, reader.GetString()))
            {
                throw new JsonException($"The header '{name}' is there twice. Give headerList, in which names may repeat.");
            }
        }

        return headers;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string?> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
    }
}
