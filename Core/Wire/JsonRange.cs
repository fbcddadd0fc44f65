using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

/// <summary>
/// The place of a JSON value in the bytes that it was read from, to keep it as it stands. A JSON document would cost the square of the
/// value's depth to build.
/// </summary>
/// <param name="Start">The value's first byte.</param>
/// <param name="Length">The value's bytes; 0 if there is no value.</param>
[JsonConverter(typeof(JsonRangeConverter))]
internal readonly record struct JsonRange(int Start, int Length)
{
    public bool IsEmpty => Length == 0;

    /// <summary>The value's bytes.</summary>
    /// <param name="json">All bytes that it was read from.</param>
    public ReadOnlyMemory<byte> In(ReadOnlyMemory<byte> json) => json.Slice(Start, Length);

    /// <inheritdoc cref="In(ReadOnlyMemory{byte})"/>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> json) => json.Slice(Start, Length);
}

/// <summary>Finds the place of a value. It works for bytes that are read as one span.</summary>
internal sealed class JsonRangeConverter : JsonConverter<JsonRange>
{
    /// <summary>JSON's null is a value too.</summary>
    public override bool HandleNull => true;

    public override JsonRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return new((int)start, (int)(reader.BytesConsumed - start));
    }

    public override void Write(Utf8JsonWriter writer, JsonRange value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The place of a value is not the value.");
}
