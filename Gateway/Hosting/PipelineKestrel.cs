using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Orleans.Pipeline.Gateway;

/// <summary>Sets Kestrel up for the HTTP API.</summary>
public static class PipelineKestrel
{
    /// <summary>
    /// Lets Kestrel listen for the HTTP API. Without a certificate, HTTP/2 needs a port of its own, because HTTP/1.1 and HTTP/2 cannot
    /// share a port without TLS.
    /// </summary>
    /// <param name="host">The web host, whose services have the gateway.</param>
    /// <param name="configure">Changes the addresses; null keeps every default.</param>
    /// <returns>The same web host.</returns>
    public static IWebHostBuilder UsePipelineKestrel(this IWebHostBuilder host, Action<PipelineKestrelSettings>? configure = null)
    {
        var settings = new PipelineKestrelSettings();
        configure?.Invoke(settings);
        return host.UseKestrel(kestrel =>
        {
            kestrel.Listen(settings.Address, settings.Port, port => Configure(port, settings));
            if (settings.Http2Port is { } http2Port)
            {
                kestrel.Listen(settings.Address, http2Port, port => port.Protocols = HttpProtocols.Http2);
            }
        });
    }

    private static void Configure(ListenOptions port, PipelineKestrelSettings settings)
    {
        if (settings.Certificate is null)
        {
            port.Protocols = HttpProtocols.Http1;
            return;
        }

        port.Protocols = HttpProtocols.Http1AndHttp2;
        port.UseHttps(settings.Certificate);
    }
}
