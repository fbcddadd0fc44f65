using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Silo;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>
/// A real silo with the environment of a rendered container. Other than there its database is a file, its ports are free ones of loopback,
/// and its certificate and keys are made for it.
/// </summary>
internal sealed class RenderedHost : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplicationBuilder _builder;
    private WebApplication? _app;

    private RenderedHost(Rendering rendering)
    {
        Given = Variables.ValuesOf(rendering, rendering.Silo);
        var settings = new Dictionary<string, string?>(Given.Select(variable => KeyValuePair.Create(
            KeyOf(variable.Key),
            (string?)variable.Value)))
        {
            [$"{SiloSettings.Section}:{nameof(SiloSettings.Database)}"] = _directory["pipeline.db"],
            [$"{SiloSettings.Section}:{nameof(SiloSettings.SiloPort)}"] = $"{SiloPort}",
            [$"{SiloSettings.Section}:{nameof(SiloSettings.GatewayPort)}"] = $"{GatewayPort}",
            [SiloSettings.PostgresVariable] = null,
        };
        foreach (var key in settings.Keys.Where(key => key.EndsWith(":Hash", StringComparison.Ordinal)).ToList())
        {
            settings[key] = ApiKey.Create().Hash;
        }

        if (settings.TryGetValue("Kestrel:Certificates:Default:Path", out _))
        {
            (settings["Kestrel:Certificates:Default:Path"], settings["Kestrel:Certificates:Default:KeyPath"]) = CreateCertificate();
        }

        _builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        _builder.Logging.ClearProviders();
        _builder.Configuration.AddInMemoryCollection(settings);
        _builder.WebHost.UseUrls(Given["ASPNETCORE_URLS"].Replace("+:8080", "127.0.0.1:0", StringComparison.Ordinal));
    }

    /// <summary>The variables of the container.</summary>
    public IReadOnlyDictionary<string, string> Given { get; }

    public int SiloPort { get; } = FreePort();

    public int GatewayPort { get; } = FreePort();

    /// <summary>How long the host may take to stop, all in all.</summary>
    public TimeSpan ShutdownTimeout => App.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

    /// <summary>The ports of this machine that something listens on.</summary>
    public static IEnumerable<int> OpenPorts =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port);

    private WebApplication App => _app ?? throw new InvalidOperationException("It has not been started.");

    public static async Task<RenderedHost> StartAsync(Rendering rendering)
    {
        var host = new RenderedHost(rendering);
        await host.StartAsync();
        return host;
    }

    /// <summary>Asks as the kubelet does, which takes any certificate.</summary>
    public async Task<HttpStatusCode> GetAsync(string scheme, string path)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler);
        var address = new UriBuilder(App.Urls.Single()) { Scheme = scheme.ToLowerInvariant(), Path = path };
        using var answer = await http.GetAsync(address.Uri);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _directory.Dispose();
    }

    private async Task StartAsync()
    {
        _builder.AddPipelineSilo(catalog => catalog.Add("revenue", pipeline => pipeline
            .From<Order>("orders", partitions: 1)
            .To(Table.Insert<Order>("orders").Column("cents", order => order.Cents))));
        _app = _builder.Build();
        _app.MapPipelineSilo();
        await _app.StartAsync();
    }

    private static string KeyOf(string variable) => variable.Replace("__", ":", StringComparison.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private (string Certificate, string Key) CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=pipeline-silo", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (_directory["tls.crt"], _directory["tls.key"]);
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    private sealed record Order(long Cents);
}
