using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Pipeline.Client.Http;

internal static class GatewayHandler
{
    public static SocketsHttpHandler Create(PipelineClientSettings settings)
    {
        var connector = new GatewayConnector(settings.Resolve, settings.ConnectTimeout);
        return new()
        {
            MaxConnectionsPerServer = settings.MaximumConnections,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = settings.DnsRefresh,
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = Timeout.InfiniteTimeSpan, // the connector applies the timeout
            SslOptions = Secure(settings),
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false, // a redirect must not carry an API key to another host
            UseCookies = false,
        };
    }

    private static SslClientAuthenticationOptions Secure(PipelineClientSettings settings)
    {
        var options = new SslClientAuthenticationOptions();
        if (settings.ClientCertificates is { Count: > 0 } own)
        {
            options.ClientCertificates = own;
        }

        if (settings.TrustedCertificates is { Count: > 0 } trusted)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        return options;
    }
}
