using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline;

/// <summary>The serializers that come with the library.</summary>
public static class Serializers
{
    /// <summary>Raw record bytes, without a copy: the fastest serializer.</summary>
    public static ISerializer<ReadOnlyMemory<byte>> Raw { get; } = new RawSerializer();

    /// <summary>UTF-8 text without quotes. Bytes that are not UTF-8 are refused.</summary>
    public static ISerializer<string> Text { get; } = new TextSerializer();

    /// <summary>
    /// Creates a serializer for JSON by a type's contract, such as one of a source-generated context:
    /// <c>Serializers.Json(MyContext.Default.Order)</c>.
    /// </summary>
    /// <param name="type">The contract.</param>
    /// <typeparam name="T">The type.</typeparam>
    public static ISerializer<T> Json<T>(JsonTypeInfo<T> type) => new JsonSerializer<T>(type);

    /// <summary>Returns the default serializer: raw for bytes, JSON for every other type.</summary>
    internal static ISerializer<T> Default<T>(JsonSerializerOptions options) => typeof(T) == typeof(ReadOnlyMemory<byte>)
        ? (ISerializer<T>)Raw
        : new JsonSerializer<T>((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));

    /// <summary>Returns whether a value is one: null and default memory are none, and become records without a value.</summary>
    internal static bool HasValue<T>(T value) => value is ReadOnlyMemory<byte> memory ? !memory.Span.IsNone() : value is not null;

    private sealed class RawSerializer : ISerializer<ReadOnlyMemory<byte>>
    {
        public void Serialize(ReadOnlyMemory<byte> value, IBufferWriter<byte> destination) => destination.Write(value.Span);

        public ReadOnlyMemory<byte> Deserialize(ReadOnlyMemory<byte> bytes) => bytes;
    }

    private sealed class TextSerializer : ISerializer<string>
    {
        private readonly UTF8Encoding _encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        public void Serialize(string value, IBufferWriter<byte> destination) => _encoding.GetBytes(value, destination);

        public string Deserialize(ReadOnlyMemory<byte> bytes) => _encoding.GetString(bytes.Span);
    }

    private sealed class JsonSerializer<T>(JsonTypeInfo<T> type) : ISerializer<T>
    {
        public void Serialize(T value, IBufferWriter<byte> destination)
        {
            using var writer = new Utf8JsonWriter(destination, new JsonWriterOptions { SkipValidation = true });
            JsonSerializer.Serialize(writer, value, type);
        }

        public T Deserialize(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, type)
            ?? throw new JsonException($"The value is the JSON null, not a value of type {typeof(T).Name}.");
    }
}
