using System.Globalization;
using System.Text;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>
/// A template in the style of kcat: text with <c>%</c> fields and the escapes <c>\n</c>, <c>\t</c>, <c>\r</c>, <c>\0</c>, <c>\xNN</c>.
/// An end of line follows each record, unless the template ends with an end of line or <c>\0</c>.
/// </summary>
internal sealed class TemplateFormat : RecordFormat
{
    public const string Fields = "%k key, %v value, %h headers, %t topic, %p partition, %o offset, %T timestamp (ms), %D time (ISO 8601), %K and %V lengths of key and value";

    private delegate void Part(in ConsumerRecord record, Stream output);

    private readonly List<Part> _parts;

    private TemplateFormat(List<Part> parts) => _parts = parts;

    /// <summary>Parses a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="fault">The fault of the template if the result is null.</param>
    public static TemplateFormat? Parse(string template, out string fault)
    {
        var parts = new List<Part>();
        var text = new StringBuilder();
        for (var index = 0; index < template.Length; index++)
        {
            var next = index + 1 < template.Length ? template[index + 1] : default(char?);
            switch (template[index])
            {
                case '%' when next == '%':
                    text.Append('%');
                    index++;
                    break;
                case '%' when next is { } name && FieldOf(name) is { } field:
                    AddText(parts, text);
                    parts.Add(field);
                    index++;
                    break;
                case '%':
                    fault =
                        $"The template '{template}' has the unknown field '%{next}'. Give {Fields}, or %% for a percent sign.";
                    return null;
                case '\\' when TryEscape(template, ref index, out var escaped):
                    text.Append(escaped);
                    break;
                default:
                    text.Append(template[index]);
                    break;
            }
        }

        if (text.Length == 0 || text[^1] is not ('\n' or '\0'))
        {
            text.Append('\n');
        }

        AddText(parts, text);
        fault = "";
        return new(parts);
    }

    public override void Write(in ConsumerRecord record, Stream output)
    {
        foreach (var part in _parts)
        {
            part(record, output);
        }
    }

    private static void AddText(List<Part> parts, StringBuilder text)
    {
        if (text.Length > 0)
        {
            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            parts.Add((in ConsumerRecord _, Stream output) => output.Write(bytes));
            text.Clear();
        }
    }

    private static Part? FieldOf(char name) => name switch
    {
        'k' => static (in ConsumerRecord record, Stream output) => output.Write(record.Key.Span),
        'v' or 's' => static (in ConsumerRecord record, Stream output) => output.Write(record.Value.Span),
        'h' => WriteHeaders,
        't' => static (in ConsumerRecord record, Stream output) => WriteText(record.Partition.Topic.Value, output),
        'p' => static (in ConsumerRecord record, Stream output) => WriteNumber(record.Partition.Partition, output),
        'o' => static (in ConsumerRecord record, Stream output) => WriteNumber(record.Offset, output),
        'T' => static (in ConsumerRecord record, Stream output) => WriteNumber(record.TimestampMs, output),
        'D' => static (in ConsumerRecord record, Stream output) => WriteText(
            record.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), output),
        'K' => static (in ConsumerRecord record, Stream output) => WriteNumber(record.HasKey ? record.Key.Length : -1, output),
        'V' or 'S' => static (in ConsumerRecord record, Stream output) => WriteNumber(record.HasValue ? record.Value.Length : -1, output),
        _ => null,
    };

    private static void WriteHeaders(in ConsumerRecord record, Stream output) =>
        WriteText(string.Join(',', record.Headers.Select(header => $"{header.Name}={header.AsText()}")), output);

    private static void WriteNumber(long number, Stream output) => WriteText(number.ToString(CultureInfo.InvariantCulture), output);

    private static void WriteText(string text, Stream output) => output.Write(Encoding.UTF8.GetBytes(text));

    private static bool TryEscape(string template, ref int index, out char escaped)
    {
        escaped = default;
        var rest = template.AsSpan(index + 1);
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest[0] == 'x' && rest.Length >= 3 && byte.TryParse(
            rest.Slice(1, 2),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var code) && code < 0x80)
        {
            escaped = (char)code;
            index += 3;
            return true;
        }

        escaped = rest[0] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', '\\' => '\\', _ => default };
        index += escaped == default && rest[0] != '0' ? 0 : 1;
        return escaped != default || rest[0] == '0';
    }
}
