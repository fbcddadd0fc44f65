using System.Net;

namespace Orleans.Pipeline.Gateway;

/// <summary>Raised when the gateway would listen on an address that other machines can reach, without authenticating callers.</summary>
public sealed class UnprotectedGatewayException(EndPoint address) : PipelineException(
    $"The gateway would listen on {address}, which other machines can reach, but it does not authenticate callers. Set callers in "
        + $"Gateway:Authentication (ApiKeys, Jwt or Certificates), or listen on 127.0.0.1. If the gateway must be open to everyone, set "
        + $"Gateway:Authentication:Anonymous to true.")
{
    /// <summary>The address.</summary>
    public EndPoint Address { get; } = address;
}
