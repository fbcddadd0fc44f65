using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace AccessLog;

/// <summary>Text kept as the bytes that were read, so that taking a field out of a line copies nothing.</summary>
/// <param name="Bytes">The bytes. They are usually UTF-8, but nothing checks that.</param>
[JsonConverter(typeof(Utf8TextConverter))]
public readonly record struct Utf8Text(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Decodes the text. Bytes that are not UTF-8 become U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}

/// <summary>Writes the text as a JSON string.</summary>
internal sealed class Utf8TextConverter : JsonConverter<Utf8Text>
{
    /// <inheritdoc />
    public override Utf8Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(Encoding.UTF8.GetBytes(reader.GetString() ?? ""));

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Utf8Text value, JsonSerializerOptions options)
    {
        if (Utf8.IsValid(value.Bytes.Span))
        {
            writer.WriteStringValue(value.Bytes.Span);
        }
        else
        {
            writer.WriteStringValue(value.ToString());
        }
    }
}
