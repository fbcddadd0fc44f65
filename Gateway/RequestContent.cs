using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway;

/// <summary>Reads what a request says of its body.</summary>
internal static class RequestContent
{
    /// <summary>Returns whether a body has a media type, whatever its case and its parameters.</summary>
    public static bool HasType(this HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var given)
        && given.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a body that is compressed, where bodies are not unpacked.</summary>
    /// <exception cref="UnsupportedContentEncodingException">It is.</exception>
    public static void RefusePacked(this HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw UnsupportedContentEncodingException.Here(encoding);
        }
    }
}
