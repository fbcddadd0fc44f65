using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Processing.Tests.Pipelines;

internal sealed record Order(string Customer, int Amount);

[JsonSerializable(typeof(Order))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class TestJson : JsonSerializerContext;
