using Microsoft.AspNetCore.Http.Metadata;

namespace Orleans.Pipeline.Gateway;

/// <summary>
/// Sets the server's own limit on bodies to the gateway's, which may be higher or lower; null for an endpoint that bounds what it reads
/// itself.
/// </summary>
internal sealed class RequestSizeLimit(int? bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
