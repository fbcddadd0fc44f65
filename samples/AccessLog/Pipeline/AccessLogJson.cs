using System.Text.Json.Serialization;

namespace AccessLog;

/// <summary>The JSON of the sample's values, generated when it is compiled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccessLogEntry))]
public sealed partial class AccessLogJson : JsonSerializerContext;
