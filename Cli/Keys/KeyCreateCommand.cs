using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Keys;

internal sealed class KeyCreateCommand : PipelineCommand
{
    private static readonly string[] AllScopes = [.. new[] { Scopes.Produce, Scopes.Consume, Scopes.Operate }.Select(NameOf)];

    private readonly Argument<string> _name =
        new("name") { HelpName = "NAME", Description = "The holder of the key, as the server's log names it." };

    private readonly Option<string[]> _scopes = new("--scope")
    {
        HelpName = "SCOPE",
        Description = $"What the holder may do: {string.Join(", ", AllScopes)}; repeat it for several. Default all.",
    };

    private readonly Option<string[]> _topics =
        new("--topic")
        {
            HelpName = "PATTERN",
            Description = "On which topics, such as orders*; repeat it for several. Default all.",
            CustomParser = GivenText.ParseEach,
        };

    private readonly Option<string[]> _pipelines =
        new("--pipeline")
        {
            HelpName = "PATTERN",
            Description = "On which pipelines; repeat it for several. Default all.",
            CustomParser = GivenText.ParseEach,
        };

    private readonly Option<string?> _output = new("--key-file")
    {
        HelpName = "PATH",
        Description = "Write the key into this new file, readable by its owner only, instead of showing it.",
        CustomParser = GivenText.Parse,
    };

    public KeyCreateCommand()
        : base(
            "create",
            "Make an API key. The command shows the key once, with the entry for the server's configuration. It contacts no server.")
    {
        _scopes.AcceptOnlyFromAmong(AllScopes);
        Add(_name);
        Add(_scopes);
        Add(_topics);
        Add(_pipelines);
        Add(_output);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var key = ApiKey.Create();
        var path = options.GetValue(_output);
        var settings = new KeySettingsJson(
            options.GetRequiredValue(_name),
            key.Hash,
            OrAll(options.GetValue(_scopes), AllScopes),
            OrAll(options.GetValue(_topics), ["*"]),
            OrAll(options.GetValue(_pipelines), ["*"]));
        if (path is not null)
        {
            await WriteKeyAsync(path, key.Key, cancellationToken);
        }

        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new CreatedKeyJson(path is null ? key.Key : null, path, settings), KeyJson.Default.CreatedKeyJson);
            return ExitCode.Ok;
        }

        context.Output.Note(path is null
            ? "The key, shown once and stored nowhere. Hand it to its holder, as PIPELINE_API_KEY or in a file:"
            : $"The key is in {path}; only you may read it. Hand it to its holder.");
        if (path is null)
        {
            context.Output.WriteLine(key.Key);
        }

        context.Output.Note("Add this to the server's configuration, which holds only the key's hash:");
        context.Output.WriteDocument(new ConfigurationJson(new(new([settings]))), KeyJson.Default.ConfigurationJson);
        return ExitCode.Ok;
    }

    private static string NameOf(Scopes scope) => JsonNamingPolicy.CamelCase.ConvertName(scope.ToString());

    private static IReadOnlyList<string> OrAll(string[]? given, string[] all) => given is { Length: > 0 } ? given : all;

    private static async Task WriteKeyAsync(string path, string key, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await using var writer = new StreamWriter(SecretFile.Expand(path), options);
            await writer.WriteLineAsync(key.AsMemory(), cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The key cannot be written: {fault.Message} Give --key-file the path of a new file.");
        }
    }
}

internal sealed class KeyCommand : Command
{
    public KeyCommand()
        : base("key", "Make API keys.") => Add(new KeyCreateCommand());
}

/// <summary>The entry of a key in the server's configuration.</summary>
internal sealed record KeySettingsJson(
    string Name, string Hash, IReadOnlyList<string> Scopes, IReadOnlyList<string> Topics, IReadOnlyList<string> Pipelines);

/// <summary>The part of the server's configuration that holds keys.</summary>
internal sealed record AuthenticationJson(IReadOnlyList<KeySettingsJson> ApiKeys);

internal sealed record GatewayJson(AuthenticationJson Authentication);

/// <summary>The server's configuration, as in appsettings.json.</summary>
internal sealed record ConfigurationJson(GatewayJson Gateway);

/// <summary>A new key, as <c>--json</c> writes it.</summary>
/// <param name="Key">The key; left out if it was written into a file.</param>
/// <param name="KeyFile">The file that holds the key; left out without --key-file.</param>
/// <param name="Configuration">The entry for the server's configuration, an element of <c>Gateway:Authentication:ApiKeys</c>.</param>
internal sealed record CreatedKeyJson(
    [property: JsonPropertyName("key")] string? Key,
    [property: JsonPropertyName("keyFile")] string? KeyFile,
    [property: JsonPropertyName("configuration")] KeySettingsJson Configuration);

/// <summary>The JSON of keys. The names in the configuration begin with capitals, as in appsettings.json.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatedKeyJson))]
[JsonSerializable(typeof(ConfigurationJson))]
internal sealed partial class KeyJson : JsonSerializerContext;
