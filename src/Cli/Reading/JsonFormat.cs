using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>
/// One JSON object a line, in the form that <c>produce --format json</c> takes: the value as <c>value</c> if it is JSON, as
/// <c>valueText</c> if it is other text, else as <c>valueBase64</c>.
/// </summary>
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
        WriteKey(record);
        WriteValue(record);
        WriteHeaders(record);
        _json.WriteEndObject();
        _json.Flush();
        output.Write(_buffer.WrittenSpan);
        output.WriteByte((byte)'\n');
    }

    private void WriteKey(in ConsumerRecord record)
    {
        if (!record.HasKey)
        {
            _json.WriteNull("key"u8);
        }
        else if (Utf8.IsValid(record.Key.Span))
        {
            _json.WriteString("key"u8, record.Key.Span);
        }
        else
        {
            _json.WriteBase64String("keyBase64"u8, record.Key.Span);
        }
    }

    private void WriteValue(in ConsumerRecord record)
    {
        if (!record.HasValue)
        {
            return;
        }

        var value = record.Value.Span;
        if (!Utf8.IsValid(value))
        {
            _json.WriteBase64String("valueBase64"u8, value);
        }
        else if (!JsonLine.IsJson(value))
        {
            _json.WriteString("valueText"u8, value);
        }
        else if (value.ContainsAny((byte)'\n', (byte)'\r'))
        {
            // JSON over several lines would break the line that it becomes a part of.
            using var document = JsonDocument.Parse(record.Value);
            _json.WritePropertyName("value"u8);
            document.RootElement.WriteTo(_json);
        }
        else
        {
            _json.WritePropertyName("value"u8);
            _json.WriteRawValue(value, skipInputValidation: true);
        }
    }

    private void WriteHeaders(in ConsumerRecord record)
    {
        _json.WriteStartObject("headers"u8);
        foreach (var header in record.Headers.GroupBy(header => header.Name).Select(same => same.Last()))
        {
            if (header.Value is null)
            {
                _json.WriteNull(header.Name);
            }
            else
            {
                _json.WriteString(header.Name, header.AsText());
            }
        }

        _json.WriteEndObject();
    }
}
