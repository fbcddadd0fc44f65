using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway.Hosting;

/// <summary>
/// Limits what a client can take from Kestrel, and requests client certificates if the settings have callers with certificates. It applies
/// however the host configures Kestrel. It runs first, so that the host's own settings take precedence.
/// </summary>
internal sealed class KestrelGuard(
    IOptions<GatewaySettings> settings, Callers callers, TimeProvider time) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>
    /// The bytes that a client may send on an HTTP/2 stream before the gateway reads them: a few batches of the usual size.
    /// </summary>
    private const int StreamWindowBytes = 1 << 20;

    /// <summary>
    /// The bytes that a client may send on an HTTP/2 connection before the gateway reads them: several streams at full speed.
    /// </summary>
    private const int ConnectionWindowBytes = 8 << 20;

    public void Configure(KestrelServerOptions options)
    {
        var limits = settings.Value.Limits;
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = limits.RequestBytes;
        options.Limits.MaxConcurrentConnections = limits.Connections;
        options.Limits.MaxRequestLineSize = limits.RequestLineBytes;
        options.Limits.MaxRequestHeaderCount = limits.RequestHeaders;
        options.Limits.MaxRequestHeadersTotalSize = limits.RequestHeaderBytes;
        options.Limits.RequestHeadersTimeout = limits.HeadersTimeout;
        options.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        options.Limits.MinRequestBodyDataRate = Rate(limits.RequestBytesPerSecond, limits.RateGrace);
        options.Limits.MinResponseDataRate = Rate(limits.ResponseBytesPerSecond, limits.RateGrace);
        options.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        options.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        if (callers.HaveCertificates)
        {
            options.ConfigureHttpsDefaults(https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (certificate, _, faults) =>
                    faults == System.Net.Security.SslPolicyErrors.None || IsKnown(certificate);
            });
        }
    }

    private static MinDataRate? Rate(int bytesPerSecond, TimeSpan grace) =>
        bytesPerSecond == 0 ? null : new MinDataRate(bytesPerSecond, grace);

    /// <summary>Whether a certificate is in the settings and is not expired. Such a certificate needs no trusted issuer.</summary>
    private bool IsKnown(X509Certificate2 certificate)
    {
        var now = time.GetLocalNow().DateTime;
        return callers.FindByCertificate(certificate) is not null && certificate.NotBefore <= now && now <= certificate.NotAfter;
    }
}
