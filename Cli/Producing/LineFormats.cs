using System.CommandLine;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>The options for the format of a line, and for its key and time.</summary>
internal sealed class LineFormats
{
    private const string Lines = "lines";
    private const string Ndjson = "ndjson";
    private const string Json = "json";
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    private readonly Option<string?> _format = new("--format", "-f")
    {
        HelpName = "FORMAT",
        Description = $"What a line is: {Lines}, a value as it stands; {Ndjson}, a JSON value; {Json}, a record as `topic read --json` writes it. Default {Ndjson} for a file named .ndjson or .jsonl and with --key or --timestamp-field, else {Lines}.",
    };

    private readonly Option<string?> _key =
        new("--key", "-k") { HelpName = "FIELD", Description = "The field of each JSON value that is the key." };

    private readonly Option<Regex?> _keyPattern = new("--key-pattern")
    {
        HelpName = "REGEX",
        Description = "The key in each line: the group named key, else the first group, else the whole match.",
        CustomParser = static result =>
        {
            try
            {
                return new Regex(result.Tokens[^1].Value, RegexOptions.CultureInvariant, PatternTimeout);
            }
            catch (ArgumentException fault)
            {
                result.AddError($"The pattern is not a regular expression: {fault.Message}");
                return null;
            }
        },
    };

    private readonly Option<string?> _timestampField = new("--timestamp-field")
    {
        HelpName = "FIELD",
        Description = "The field of each JSON value that is its time: ISO 8601, or milliseconds since 1970. Default the time of the send.",
    };

    public void AddTo(Command command)
    {
        _format.AcceptOnlyFromAmong(Lines, Ndjson, Json);
        command.Add(_format);
        command.Add(_key);
        command.Add(_keyPattern);
        command.Add(_timestampField);
    }

    /// <summary>Creates the converter from lines to records.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="path">The file; null for standard input.</param>
    /// <exception cref="UsageException">Options exclude each other.</exception>
    public ILineRecords Find(ParseResult options, string? path)
    {
        var (key, pattern, time) = (options.GetValue(_key), options.GetValue(_keyPattern), options.GetValue(_timestampField));
        if (key is not null && pattern is not null)
        {
            throw new UsageException("--key and --key-pattern both say what the key is. Give one of them.");
        }

        var format = options.GetValue(_format) ?? (key is not null || time is not null || IsNamedJson(path) ? Ndjson : Lines);
        return format switch
        {
            Ndjson => new JsonValueRecords(key, pattern, time),
            Json when key is null && pattern is null && time is null => new JsonObjectRecords(),
            Json => throw new UsageException("With --format json each line says its key and time itself. Leave out --key, --key-pattern and --timestamp-field."),
            _ when key is not null || time is not null => throw new UsageException("--key and --timestamp-field name fields of JSON. Give --format ndjson, or --key-pattern for other lines."),
            _ => new TextRecords(pattern),
        };
    }

    /// <summary>Formats the options that determine the partition of a line.</summary>
    public string RoutingOf(ParseResult options) =>
        $"{options.GetValue(_format)}\n{options.GetValue(_key)}\n{options.GetValue(_keyPattern)}";

    private static bool IsNamedJson(string? path)
    {
        var name = path?.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) == true ? path[..^3] : path;
        return name is not null
            && (name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase));
    }
}
