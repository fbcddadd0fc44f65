using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Pipeline.Gateway.Tests.Access;

/// <summary>TLS and client certificates, as a configuration file sets them with Kestrel's own keys.</summary>
public sealed class CertificateTests : AccessTest
{
    private readonly X509Certificate2 _server = Certificates.Create("localhost");
    private readonly X509Certificate2 _till = Certificates.Create("till");
    private readonly X509Certificate2 _expired = Certificates.Create("expired", DateTimeOffset.UtcNow.AddDays(-1));
    private readonly string _file = Path.GetTempFileName();

    private protected override void Configure()
    {
        File.WriteAllBytes(_file, _server.Export(X509ContentType.Pfx, "secret"));
        Configuration.Set("Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0");
        Configuration.Set("Kestrel:Endpoints:Https:Certificate:Path", _file);
        Configuration.Set("Kestrel:Endpoints:Https:Certificate:Password", "secret");
        AddCertificate(0, "till", _till, "produce");
        AddCertificate(1, "expired", _expired, "produce");
        AddKey(0, "reader", "consume");
    }

    private protected override Task<GatewayHost> StartAsync()
    {
        Configure();
        return GatewayHost.StartAsync(build: Build, listens: false);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _server.Dispose();
        _till.Dispose();
        _expired.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_caller_is_known_by_its_certificate(string version)
    {
        using var http = Client(_till, version);

        using var produced = await http.PostAsync("/v1/producers", content: null);
        using var refused = await http.DeleteAsync("/v1/topics/orders");

        await JsonAsync(produced);
        Assert.Equal(version, produced.Version.ToString());
        var problem = await AssertProblemAsync(refused, 403, "forbidden");
        Assert.Equal("'till' may produce; this needs operate.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_client_without_a_certificate_needs_a_key()
    {
        using var http = Client(certificate: null);

        await AssertProblemAsync(await http.PostAsync("/v1/producers", content: null), 401, "unauthenticated");
    }

    [Fact]
    public async Task A_certificate_that_is_not_known_or_out_of_date_opens_no_connection()
    {
        using var stranger = Certificates.Create("stranger");
        foreach (var certificate in new[] { stranger, _expired })
        {
            using var http = Client(certificate);
            await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync("/v1/producers", content: null));
        }
    }

    [Fact]
    public async Task A_certificate_is_no_longer_a_caller_once_it_was_removed()
    {
        using var http = Client(_till);
        await JsonAsync(await http.PostAsync("/v1/producers", content: null));

        Configuration.Remove("Gateway:Authentication:Certificates:0");
        Configuration.Reload();

        var problem = await AssertProblemAsync(await http.PostAsync("/v1/producers", content: null), 401, "unauthenticated");
        Assert.Equal("The connection's client certificate is unknown.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_client_without_TLS_is_not_answered()
    {
        using var http = new HttpClient { BaseAddress = new UriBuilder(Gateway.Address) { Scheme = "http" }.Uri };

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/health/live"));
    }

    [Fact]
    public async Task Kestrel_can_require_certificates_of_everybody()
    {
        Configuration.Set("Kestrel:Endpoints:Https:ClientCertificateMode", "RequireCertificate");
        await using var gateway = await GatewayHost.StartAsync(build: Build, listens: false);
        using var nobody = Client(certificate: null, address: gateway.Address);
        using var till = Client(_till, address: gateway.Address);

        await Assert.ThrowsAsync<HttpRequestException>(() => nobody.GetAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, (await till.GetAsync("/health/live")).StatusCode);
    }

    private void AddCertificate(int index, string name, X509Certificate2 certificate, string scope)
    {
        var prefix = $"Gateway:Authentication:Certificates:{index}";
        var digits = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        Configuration.Set($"{prefix}:Name", name);
        Configuration.Set(
            $"{prefix}:Thumbprint",
            index == 0 ? digits.ToLowerInvariant() : string.Join(':', digits.Chunk(2).Select(pair => new string(pair))));
        Configuration.Set($"{prefix}:Scopes:0", scope);
    }

    private HttpClient Client(X509Certificate2? certificate, string version = "1.1", Uri? address = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented!.GetCertHashString() == _server.GetCertHashString();
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!;
        return new HttpClient(handler)
        {
            BaseAddress = address ?? Gateway.Address,
            DefaultRequestVersion = new Version(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
