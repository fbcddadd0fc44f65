using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Gateway;

/// <summary>Sets Kestrel up for the HTTP API.</summary>
public static class PipelineKestrel
{
    /// <summary>What a client may send on one HTTP/2 stream before the gateway has read it: a few batches of the usual size.</summary>
    private const int StreamWindowBytes = 1 << 20;

    /// <summary>What a client may send on one HTTP/2 connection before the gateway has read it: several streams at full speed.</summary>
    private const int ConnectionWindowBytes = 8 << 20;

    /// <summary>
    /// Lets Kestrel listen for the HTTP API, with limits that fit it. Without a certificate, HTTP/2 needs a port of its own,
    /// because the two versions cannot tell each other apart on one port without TLS.
    /// </summary>
    /// <param name="host">The web host, whose services have the gateway.</param>
    /// <param name="configure">Changes where it listens; null leaves every default.</param>
    /// <returns>The same web host.</returns>
    public static IWebHostBuilder UsePipelineKestrel(this IWebHostBuilder host, Action<PipelineKestrelSettings>? configure = null)
    {
        var settings = new PipelineKestrelSettings();
        configure?.Invoke(settings);
        return host.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = kestrel.ApplicationServices.GetRequiredService<GatewaySettings>().Limits.RequestBytes;
            kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
            kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
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
