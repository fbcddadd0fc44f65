using System.Net;
using System.Security.Cryptography.X509Certificates;
using Orleans.Pipeline.Client.Http;

namespace Orleans.Pipeline.Client;

/// <summary>Settings of a client's connection to its gateways.</summary>
public sealed record PipelineClientSettings
{
    /// <summary>
    /// The API key that identifies the client, such as <c>plk_…</c>. Read it from the environment or a file, and use HTTPS beyond
    /// loopback, because the key is sent unencrypted otherwise. Default none.
    /// </summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// Returns the JWT that identifies the client, instead of an <see cref="ApiKey"/>. The client calls it before every request, from
    /// several threads at once, so cache the token until it is about to expire. An exception counts as a gateway that does not answer.
    /// Default none.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>The certificates, with private keys, for gateways that request a client certificate. Default none.</summary>
    public X509Certificate2Collection? ClientCertificates { get; init; }

    /// <summary>
    /// The trusted root certificates, instead of the system's, such as those of a private authority. Revocation is not checked against
    /// them. Default: the system's roots.
    /// </summary>
    public X509Certificate2Collection? TrustedCertificates { get; init; }

    /// <summary>
    /// The time after which an unanswered request fails, in addition to any wait that the request itself asks for. Draining a pipeline has
    /// no such limit. Default 30 seconds.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum time to resolve a gateway's name and connect, before the client tries the next gateway. Default 5 seconds.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The maximum age of a connection. A new connection resolves the gateway's name again, so this bounds how long the client keeps using
    /// an old address. Default 1 minute.
    /// </summary>
    public TimeSpan DnsRefresh { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of HTTP/1.1 connections; further requests wait for a free one. Default 32.</summary>
    public int MaximumConnections { get; init; } = 32;

    /// <summary>Whether to use HTTP/2 only, also without TLS (prior knowledge). Default false: HTTP/1.1.</summary>
    public bool UseHttp2 { get; init; }

    /// <summary>The maximum size of records and batches from the gateway. Default <see cref="RecordLimits.Default"/>.</summary>
    public RecordLimits Limits { get; init; } = RecordLimits.Default;

    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Returns a summary of the settings, without secrets.</summary>
    public override string ToString() =>
        $"{nameof(PipelineClientSettings)} {{ "
        + $"Credentials = {(ApiKey is not null ? "API key" : TokenProvider is not null ? "token" : "none")}, "
        + $"{nameof(RequestTimeout)} = {RequestTimeout}, {nameof(MaximumConnections)} = {MaximumConnections}, "
        + $"{nameof(UseHttp2)} = {UseHttp2} }}";

    internal void Validate()
    {
        Require.Positive("client", nameof(RequestTimeout), RequestTimeout);
        Require.Positive("client", nameof(ConnectTimeout), ConnectTimeout);
        Require.Positive("client", nameof(DnsRefresh), DnsRefresh);
        Require.That(MaximumConnections >= 1, "client", nameof(MaximumConnections), MaximumConnections, "1 or more");
        if (ApiKey is not null && !RequestCredentials.IsSendable(ApiKey))
        {
            throw new ArgumentException(
                $"The client setting {nameof(ApiKey)} is empty, or holds characters that are not allowed, such as a space or a line break. "
                    + "Give the key alone, or null for none.",
                nameof(ApiKey));
        }

        if (ApiKey is not null && TokenProvider is not null)
        {
            throw new ArgumentException(
                $"The client settings have both an {nameof(ApiKey)} and a {nameof(TokenProvider)}. Give only one of them.",
                nameof(TokenProvider));
        }
    }
}
