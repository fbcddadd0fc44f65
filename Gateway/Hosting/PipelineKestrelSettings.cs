using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Pipeline.Gateway;

/// <summary>The addresses that the gateway listens on.</summary>
public sealed class PipelineKestrelSettings
{
    /// <summary>The address. Default loopback, which only this machine can reach; <see cref="IPAddress.Any"/> listens on all.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>The port, 0 for any free one: HTTP/1.1 without a certificate, HTTP/1.1 and HTTP/2 with one. Default 8080.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>
    /// A second port, 0 for any free one, for HTTP/2 without a certificate, which its clients must speak from the first byte
    /// (prior knowledge); null for none. Default null.
    /// </summary>
    public int? Http2Port { get; set; }

    /// <summary>The certificate for TLS; null listens without TLS. Default null.</summary>
    public X509Certificate2? Certificate { get; set; }
}
