using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>Writes JSON for scripts: an indented document, or one line of a stream.</summary>
internal static class JsonText
{
    /// <summary>Escapes only what JSON requires, because the output is never part of a web page.</summary>
    public static JsonWriterOptions LineOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions DocumentOptions = LineOptions with { Indented = true, NewLine = "\n" };

    public static void WriteDocument<T>(Stream output, T value, JsonTypeInfo<T> type) =>
        Write(output, json => JsonSerializer.Serialize(json, value, type), DocumentOptions);

    public static void WriteDocument(Stream output, Action<Utf8JsonWriter> write) => Write(output, write, DocumentOptions);

    public static void WriteLine<T>(Stream output, T value, JsonTypeInfo<T> type) =>
        Write(output, json => JsonSerializer.Serialize(json, value, type), LineOptions);

    private static void Write(Stream output, Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        using (var json = new Utf8JsonWriter(output, options))
        {
            write(json);
        }

        output.WriteByte((byte)'\n');
    }
}
