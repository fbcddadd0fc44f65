using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>Writes a <see cref="TopicName"/> as a JSON string. Refuses a string that is not a topic name.</summary>
public sealed class TopicNameJsonConverter : JsonConverter<TopicName>
{
    /// <inheritdoc />
    public override TopicName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw new JsonException("A topic name must be a string.");
        try
        {
            return new TopicName(name);
        }
        catch (InvalidTopicNameException invalid)
        {
            throw new JsonException(invalid.Message, invalid);
        }
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, TopicName value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
