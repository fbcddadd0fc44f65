using System.Text.Json.Serialization;

namespace AccessLog;

/// <summary>The source-generated JSON of the sample's values.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccessLogEntry))]
public sealed partial class AccessLogJson : JsonSerializerContext;
