using System.Buffers;
using System.Text.Json;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>One JSON object a line, in the form that <c>produce --format json</c> takes.</summary>
internal sealed class JsonFormat : RecordFormat
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public JsonFormat() => _json = new(_buffer, JsonText.LineOptions);

    public override void Write(in ConsumerRecord record, Stream output)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("topic"u8, record.Partition.Topic.Value);
        _json.WriteNumber("partition"u8, record.Partition.Partition);
        _json.WriteNumber("offset"u8, record.Offset);
        _json.WriteNumber("timestamp"u8, record.TimestampMs);
        RecordJson.WriteKey(_json, record.HasKey ? record.Key : default(ReadOnlyMemory<byte>?));
        RecordJson.WriteValue(_json, record.HasValue ? record.Value : default(ReadOnlyMemory<byte>?));
        HeaderJson.Write(_json, record.Headers);
        _json.WriteEndObject();
        _json.Flush();
        output.Write(_buffer.WrittenSpan);
        output.WriteByte((byte)'\n');
    }
}
