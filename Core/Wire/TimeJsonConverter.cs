using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Wire;

/// <summary>
/// Reads a time of a request in the forms of <see cref="TimeText"/>. .NET's own reader takes a time without an offset for one in the
/// host's time zone.
/// </summary>
internal sealed class TimeJsonConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetInt64(out var milliseconds) && RecordTime.IsValid(milliseconds):
                return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            case JsonTokenType.String when TimeText.TryParse(reader.GetString(), out var time):
                return time;
            default:
                var given = reader.TokenType == JsonTokenType.String ? $"'{reader.GetString()}' is not a time" : "This is not a time";
                throw new JsonException($"{given}. Give {TimeText.Forms}.");
        }
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
