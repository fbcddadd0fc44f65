using System.Text.Json.Serialization;

namespace SdkTour;

#region order
internal sealed record Order(string Customer, string Country, long Cents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Order))]
internal sealed partial class ShopJson : JsonSerializerContext;
#endregion
