using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Cli.Keys;

/// <summary>What the server's configuration holds of a key.</summary>
internal sealed record KeySettingsJson(string Name, string Hash, IReadOnlyList<string> Scopes, IReadOnlyList<string> Topics, IReadOnlyList<string> Pipelines);

/// <summary>The part of the server's configuration that holds keys.</summary>
internal sealed record AuthenticationJson(IReadOnlyList<KeySettingsJson> ApiKeys);

/// <summary>The section of the gateway.</summary>
internal sealed record GatewayJson(AuthenticationJson Authentication);

/// <summary>The server's configuration, as in appsettings.json.</summary>
internal sealed record ConfigurationJson(GatewayJson Gateway);

/// <summary>A key that was made, as <c>--json</c> writes it.</summary>
/// <param name="Key">The key; left out if it was written into a file.</param>
/// <param name="KeyFile">The file it was written into.</param>
/// <param name="Configuration">What the server's configuration needs, an element of <c>Gateway:Authentication:ApiKeys</c>.</param>
internal sealed record CreatedKeyJson(
    [property: JsonPropertyName("key")] string? Key,
    [property: JsonPropertyName("keyFile")] string? KeyFile,
    [property: JsonPropertyName("configuration")] KeySettingsJson Configuration);

/// <summary>The JSON of keys; the configuration's names begin with capitals, as those of appsettings.json do.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatedKeyJson))]
[JsonSerializable(typeof(ConfigurationJson))]
internal sealed partial class KeyJson : JsonSerializerContext;
