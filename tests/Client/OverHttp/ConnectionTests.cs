using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>How clients connect: TLS both ways, names that move, addresses that are black holes.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly X509Certificate2 _server = Certificates.Create("localhost");
    private readonly X509Certificate2 _own = Certificates.Create("till");

    public void Dispose()
    {
        _server.Dispose();
        _own.Dispose();
    }

    [Fact]
    public async Task A_gateway_is_trusted_by_the_roots_given_and_by_no_other()
    {
        await using var gateway = await StartWithTlsAsync(ClientCertificateMode.NoCertificate);
        await using var trusting = Client(gateway, new() { TrustedCertificates = [_server] });
        await using var other = Client(gateway, new() { TrustedCertificates = [_own] });
        await using var system = Client(gateway, new());

        Assert.True((await trusting.Admin.CheckReadinessAsync()).IsReady);
        foreach (var distrusting in new[] { other, system })
        {
            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => distrusting.Admin.CheckReadinessAsync().AsTask());
            Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_shows_its_certificate_to_a_gateway_that_asks_for_one()
    {
        await using var gateway = await StartWithTlsAsync(ClientCertificateMode.RequireCertificate);
        await using var known = Client(gateway, new() { TrustedCertificates = [_server], ClientCertificates = [_own], UseHttp2 = true });
        await using var nobody = Client(gateway, new() { TrustedCertificates = [_server] });

        Assert.True((await known.Admin.CheckReadinessAsync()).IsReady);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => nobody.Admin.CheckReadinessAsync().AsTask());
    }

    [Fact]
    public async Task Certificates_come_from_PEM_files_where_a_host_configures_the_client()
    {
        await using var gateway = await StartWithTlsAsync(ClientCertificateMode.RequireCertificate);
        var (roots, own) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(roots, _server.ExportCertificatePem());
        await File.WriteAllTextAsync(own, $"{_own.ExportCertificatePem()}\n{_own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}");
        await using var services = new ServiceCollection().AddPipelineClient(options =>
        {
            options.Addresses.Add($"https://localhost:{gateway.Address.Port}");
            (options.TrustedCertificatesFile, options.ClientCertificateFile) = (roots, own);
        }).BuildServiceProvider();

        Assert.True((await services.GetRequiredService<PipelineClient>().Admin.CheckReadinessAsync()).IsReady);

        File.Delete(roots);
        File.Delete(own);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_name_that_moves_is_followed_although_its_old_address_still_answers(bool useHttp2)
    {
        await using var gateway = await GatewayHost.StartAsync();
        await using var later = await GatewayHost.StartAsync(listen: kestrel =>
            (kestrel.Address, kestrel.Port, kestrel.Http2Port) = (IPAddress.Parse("127.0.0.2"), gateway.Address.Port, gateway.Http2Address.Port));
        await later.Store.CreateTopicAsync("later", new());
        var address = IPAddress.Loopback;
        await using var client =
            new PipelineClient($"http://pipeline.test:{(useHttp2 ? gateway.Http2Address : gateway.Address).Port}", new()
            {
                UseHttp2 = useHttp2,
                DnsRefresh = TimeSpan.FromMilliseconds(20),
                Resolve = (name, _) => Task.FromResult<IPAddress[]>(name == "pipeline.test" ? [address] : []),
            });
        Assert.Empty(await client.Admin.ListTopicsAsync());

        address = IPAddress.Parse("127.0.0.2");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await client.Admin.ListTopicsAsync(patience.Token)).Count == 0)
        {
        }
    }

    [Fact]
    public async Task An_address_of_a_name_that_does_not_answer_is_passed_over_for_its_next()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await using var client = new PipelineClient($"http://pipeline.test:{gateway.Address.Port}", new()
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.3"), IPAddress.Loopback]),
        });

        Assert.True((await client.Admin.CheckReadinessAsync()).IsReady);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_so_that_no_other_host_is_sent_the_key()
    {
        var asked = new ConcurrentQueue<string?>();
        await using var other = WebApplication.CreateSlimBuilder().Build();
        other.Urls.Add("http://127.0.0.1:0");
        other.Run(context =>
        {
            asked.Enqueue(context.Request.Headers["X-Api-Key"]);
            return Task.CompletedTask;
        });
        await other.StartAsync();
        await using var gateway = WebApplication.CreateSlimBuilder().Build();
        gateway.Urls.Add("http://127.0.0.1:0");
        gateway.Run(context =>
        {
            context.Response.Redirect($"{other.Urls.First()}/v1/topics");
            return Task.CompletedTask;
        });
        await gateway.StartAsync();
        await using var client = new PipelineClient(gateway.Urls.First(), new() { ApiKey = "plk_secret" });

        var refused = await Assert.ThrowsAsync<PipelineRequestException>(() => client.Admin.ListTopicsAsync().AsTask());

        Assert.Equal(HttpStatusCode.Found, refused.Status);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task A_gateway_that_takes_too_long_to_connect_to_is_passed_over_for_the_next()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await using var client = new PipelineClient([new("http://black.hole"), gateway.Address], new()
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),
            Resolve = async (name, token) =>
            {
                if (name == "black.hole")
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                }

                return [IPAddress.Loopback];
            },
        });

        Assert.True((await client.Admin.CheckReadinessAsync()).IsReady);
    }

    private static PipelineClient Client(GatewayHost gateway, PipelineClientSettings settings) =>
        new($"https://localhost:{gateway.Address.Port}", settings);

    private Task<GatewayHost> StartWithTlsAsync(ClientCertificateMode mode) => GatewayHost.StartAsync(
        build: builder =>
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(https =>
        {
            https.ServerCertificate = X509CertificateLoader.LoadPkcs12(_server.Export(X509ContentType.Pfx), password: null);
            https.ClientCertificateMode = mode;
            https.AllowAnyClientCertificate();
        }))),
        listens: false);
}
