using System.Net;

namespace Orleans.Pipeline.Gateway;

/// <summary>The gateway would listen where others than this machine reach it, and asks nobody who they are.</summary>
public sealed class UnprotectedGatewayException(EndPoint address) : PipelineException(
    $"The gateway would listen on {address}, where others than this machine reach it, but it asks nobody who they are. Set callers in Gateway:Authentication (ApiKeys, Jwt or Certificates), or listen on 127.0.0.1. If it is meant to be open to whoever reaches it, set Gateway:Authentication:Anonymous to true.")
{
    /// <summary>The address.</summary>
    public EndPoint Address { get; } = address;
}
