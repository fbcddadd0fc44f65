using Microsoft.AspNetCore.Http.Metadata;

namespace Orleans.Pipeline.Gateway;

/// <summary>
/// Sets the server's own limit on bodies to the gateway's, which may be higher or lower. Null is for an endpoint that limits its reading
/// itself.
/// </summary>
internal sealed class RequestSizeLimit(int? bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
