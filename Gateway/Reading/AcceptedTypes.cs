using Microsoft.AspNetCore.Http;

namespace Orleans.Pipeline.Gateway.Reading;

internal static class AcceptedTypes
{
    /// <summary>Returns whether a request asks for a content type by name.</summary>
    public static bool AcceptsType(this HttpRequest request, string mediaType) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase));
}
