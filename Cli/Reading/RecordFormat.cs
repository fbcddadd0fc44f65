using System.CommandLine;
using System.CommandLine.Parsing;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>The format in which records are written.</summary>
internal abstract class RecordFormat
{
    private const string Forms = "lines (the values), json, raw (the values and nothing between), or a template with any of "
        + TemplateFormat.Fields;

    public static Option<RecordFormat?> Option() => new("--format", "-f")
    {
        HelpName = "FORMAT",
        Description = $"The format of each record: {Forms}. Default lines; json with --json.",
        CustomParser = Parse,
    };

    public abstract void Write(in ConsumerRecord record, Stream output);

    private static RecordFormat? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        switch (text)
        {
            case "lines":
                return new LineFormat();
            case "json":
                return new JsonFormat();
            case "raw":
                return new RawFormat();
        }

        if (!text.Contains('%', StringComparison.Ordinal))
        {
            result.AddError($"'{text}' is not a format. Give {Forms}.");
            return null;
        }

        var format = TemplateFormat.Parse(text, out var fault);
        if (format is null)
        {
            result.AddError(fault);
        }

        return format;
    }
}

/// <summary>Writes the values, one per line.</summary>
internal sealed class LineFormat : RecordFormat
{
    public override void Write(in ConsumerRecord record, Stream output)
    {
        output.Write(record.Value.Span);
        output.WriteByte((byte)'\n');
    }
}

/// <summary>Writes the values with nothing in between.</summary>
internal sealed class RawFormat : RecordFormat
{
    public override void Write(in ConsumerRecord record, Stream output) => output.Write(record.Value.Span);
}
