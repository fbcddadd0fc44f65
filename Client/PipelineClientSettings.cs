using System.Net;
using System.Security.Cryptography.X509Certificates;
using Orleans.Pipeline.Client.Http;

namespace Orleans.Pipeline.Client;

/// <summary>How a client talks to the gateway.</summary>
public sealed record PipelineClientSettings
{
    /// <summary>The settings with every default.</summary>
    public static PipelineClientSettings Default { get; } = new();

    /// <summary>
    /// The API key, such as <c>plk_…</c>, that says to the gateway who is asking. Read it from the environment or a file, and use
    /// HTTPS beyond loopback: it is sent as it stands. Default none.
    /// </summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// Gives the JWT that says to the gateway who is asking, instead of an <see cref="ApiKey"/>. It is asked before every request, from
    /// several threads at once, so it should answer from memory until the token is about to expire. Its exceptions count as a
    /// gateway that does not answer. Default none.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>The certificates, with their private keys, that the client shows to a gateway that asks for one. Default none.</summary>
    public X509Certificate2Collection? ClientCertificates { get; init; }

    /// <summary>
    /// The roots that a gateway's certificate must lead to, instead of those that the system trusts; such as a private authority's.
    /// Revocation is not checked against them. Default those of the system.
    /// </summary>
    public X509Certificate2Collection? TrustedCertificates { get; init; }

    /// <summary>
    /// How long a request may go without an answer, beyond the wait it asks for itself, before it counts as failed. Draining a
    /// pipeline has no such limit. Default 30 seconds.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take to look a gateway's name up and connect to it, before the next gateway is tried. Default 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a connection is used before a new one takes its place, with the gateway's name looked up again: how soon a change of
    /// the name is followed while the old address still answers. Default 1 minute.
    /// </summary>
    public TimeSpan DnsRefresh { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most connections, with HTTP/1.1; further requests wait for one. Default 32.</summary>
    public int MaximumConnections { get; init; } = 32;

    /// <summary>Whether to speak HTTP/2 only, also without TLS (prior knowledge). Default false: HTTP/1.1.</summary>
    public bool UseHttp2 { get; init; }

    /// <summary>How large records and batches from the gateway may be. Default <see cref="RecordLimits.Default"/>.</summary>
    public RecordLimits Limits { get; init; } = RecordLimits.Default;

    /// <summary>Looks a gateway's name up.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The settings in short, without any secret.</summary>
    public override string ToString() =>
        $"{nameof(PipelineClientSettings)} {{ Credentials = {(ApiKey is not null ? "API key" : TokenProvider is not null ? "token" : "none")}, {nameof(RequestTimeout)} = {RequestTimeout}, {nameof(MaximumConnections)} = {MaximumConnections}, {nameof(UseHttp2)} = {UseHttp2} }}";

    internal void Validate()
    {
        RequirePositive(RequestTimeout, nameof(RequestTimeout));
        RequirePositive(ConnectTimeout, nameof(ConnectTimeout));
        RequirePositive(DnsRefresh, nameof(DnsRefresh));
        if (MaximumConnections < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MaximumConnections), MaximumConnections, $"The client setting {nameof(MaximumConnections)} is {MaximumConnections}; give 1 or more.");
        }

        if (ApiKey is not null && !RequestCredentials.IsSendable(ApiKey))
        {
            throw new ArgumentException($"The client setting {nameof(ApiKey)} is empty, or holds characters that no API key has, such as a space or a line's end. Give the key alone, or null for none.", nameof(ApiKey));
        }

        if (ApiKey is not null && TokenProvider is not null)
        {
            throw new ArgumentException($"The client settings give both an {nameof(ApiKey)} and a {nameof(TokenProvider)}. Give one of them.", nameof(TokenProvider));
        }
    }

    private static void RequirePositive(TimeSpan time, string name)
    {
        if (time <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(name, time, $"The client setting {name} is {time}; give a positive time.");
        }
    }
}
