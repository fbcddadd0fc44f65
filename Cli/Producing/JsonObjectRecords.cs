using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>
/// Each line is a record as <c>topic read --json</c> writes it, with key, value, headers and time. Topic, partition and offset are ignored,
/// and blank lines are skipped.
/// </summary>
internal sealed class JsonObjectRecords : ILineRecords
{
    public ProducerRecord? Make(ReadOnlyMemory<byte> line)
    {
        if (line.Span.Trim(" \t"u8).IsEmpty)
        {
            return null;
        }

        RecordLine record;
        try
        {
            record = JsonSerializer.Deserialize(line.Span, RecordLineJson.Default.RecordLine) ?? throw new BadLineException("it is null.");
        }
        catch (JsonException wrong)
        {
            throw new BadLineException(JsonFault.Of(wrong));
        }

        if (record.Timestamp is { } milliseconds && !RecordTime.IsValid(milliseconds))
        {
            throw new BadLineException($"its timestamp {milliseconds} is outside the years 1 to 9999. Give it in milliseconds since 1970.");
        }

        return new ProducerRecord
        {
            Key = KeyOf(record),
            Value = ValueOf(record, line),
            Headers = HeaderJson.FindFault(record.HeaderList) is { } fault
                ? throw new BadLineException(fault)
                : HeaderJson.Read(record.HeaderList, record.Headers),
            Timestamp = record.Timestamp is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null,
        };
    }

    private static ReadOnlyMemory<byte> KeyOf(RecordLine record) => (record.Key, record.KeyBase64) switch
    {
        (null, null) => default,
        ({ } text, null) => Bytes.Of(text),
        (null, { } bytes) => bytes,
        _ => throw new BadLineException("it has both 'key' and 'keyBase64'; give one."),
    };

    private static ReadOnlyMemory<byte> ValueOf(RecordLine record, ReadOnlyMemory<byte> line) =>
        (record.Value.IsEmpty, record.ValueText, record.ValueBase64) switch
        {
            (true, null, null) => default,
            (true, { } text, null) => Bytes.Of(text),
            (true, null, { } bytes) => bytes,
            (_, null, null) => record.Value.In(line),
            _ => throw new BadLineException("it has more than one of 'value', 'valueText' and 'valueBase64'; give one."),
        };
}

/// <summary>A record as a line of JSON.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecordLine
{
    public string? Topic { get; init; }

    public int? Partition { get; init; }

    public long? Offset { get; init; }

    public long? Timestamp { get; init; }

    public string? Key { get; init; }

    public byte[]? KeyBase64 { get; init; }

    public JsonRange Value { get; init; }

    public string? ValueText { get; init; }

    public byte[]? ValueBase64 { get; init; }

    [JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    public IReadOnlyList<SentHeaderBody>? HeaderList { get; init; }
}

/// <summary>The source-generated JSON of such a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = int.MaxValue)]
[JsonSerializable(typeof(RecordLine))]
internal sealed partial class RecordLineJson : JsonSerializerContext;
