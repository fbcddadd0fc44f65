using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Gateway.Tests.Hosting;

public sealed class LoopbackTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gateway-");
    private readonly List<EndPoint> _listened = [];

    public static TheoryData<string> Everywhere => new("http://0.0.0.0:0", "http://[::]:0", "http://*:0", "http://+:0", "http://silo-1:0");

    /// <summary>Every way to say where Kestrel listens.</summary>
    public static TheoryData<string, Action<WebApplicationBuilder>> Ways => new()
    {
        { "UseUrls", builder => builder.WebHost.UseUrls("http://0.0.0.0:0") },
        { "--urls", builder => builder.Configuration["urls"] = "http://127.0.0.1:0;http://0.0.0.0:0" },
        { "ASPNETCORE_HTTP_PORTS", builder => builder.Configuration["http_ports"] = "0" },
        { "Kestrel:Endpoints", builder => builder.Configuration["Kestrel:Endpoints:Http:Url"] = "http://0.0.0.0:0" },
        { "Listen", builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.IPv6Any, 0)) },
        { "ListenAnyIP", builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(0)) },
        { "UsePipelineKestrel", builder => builder.WebHost.UsePipelineKestrel(kestrel => (
            kestrel.Address,
            kestrel.Port) = (IPAddress.Any, 0)) },
        { "UsePipelineKestrel, HTTP/2", builder => builder.WebHost.UsePipelineKestrel(kestrel => (
            kestrel.Address,
            kestrel.Port,
            kestrel.Http2Port) = (IPAddress.Any, 0, 0)) },
    };

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_address_that_others_reach_is_refused_before_it_is_listened_on(string address)
    {
        await using var app = await BuildAsync(builder => builder.WebHost.UseUrls(address));

        var refused = await Assert.ThrowsAsync<UnprotectedGatewayException>(() => app.StartAsync());

        Assert.Empty(_listened);
        Assert.Contains("Gateway:Authentication:Anonymous", refused.Message);
        Assert.Contains("Gateway:Authentication (ApiKeys, Jwt or Certificates)", refused.Message);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task However_it_is_set_it_is_refused(string way, Action<WebApplicationBuilder> listen)
    {
        await using var app = await BuildAsync(listen);

        await Assert.ThrowsAsync<UnprotectedGatewayException>(() => app.StartAsync());

        Assert.All(
            _listened, endpoint => Assert.True(endpoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address), way));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.2:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://unix:")]
    public async Task An_address_of_this_machine_needs_no_authentication(string address)
    {
        var full = address.EndsWith("unix:", StringComparison.Ordinal)
            ? address + Path.Combine(_directory.FullName, "gateway.sock")
            : address;
        await using var app = await BuildAsync(builder => builder.WebHost.UseUrls(full));

        await app.StartAsync();

        Assert.Single(_listened);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task With_a_key_it_listens_anywhere(string address)
    {
        await using var app = await BuildAsync(builder => builder.WebHost.UseUrls(address), WithKey);

        await app.StartAsync();

        Assert.NotEmpty(_listened);
    }

    [Fact]
    public async Task A_gateway_that_is_said_to_be_open_listens_anywhere_and_answers()
    {
        await using var app = await BuildAsync(
            builder => builder.WebHost.UseUrls("http://0.0.0.0:0"), settings => settings.Authentication.Anonymous = true);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First().Replace("0.0.0.0", "127.0.0.1")) };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/topics")).StatusCode);
    }

    [Fact]
    public async Task What_comes_in_elsewhere_by_another_server_than_Kestrel_is_refused()
    {
        await using var app = await BuildAsync(builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddTransient<IStartupFilter, AnotherServer>();
        });
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/topics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
    }

    private static void WithKey(GatewaySettings settings) =>
        settings.Authentication.ApiKeys.Add(new ApiKeySettings { Name = "till", Hash = ApiKey.Create().Hash, Scopes = ["produce"] });

    private async Task<WebApplication> BuildAsync(Action<WebApplicationBuilder> listen, Action<GatewaySettings>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new ListenedAddresses(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(services),
            _listened));
        var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = Path.Combine(_directory.FullName, "pipeline.db") });
        builder.Services.AddSingleton(_ => store).AddSingleton<ITopicStore>(store);
        builder.AddPipelineGateway(configure);
        listen(builder);
        var app = builder.Build();
        app.MapPipelineGateway();
        return app;
    }

    /// <summary>Makes requests look as if they came in by a server that asks no transport of Kestrel's.</summary>
    private sealed class AnotherServer : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, inner) =>
            {
                context.Connection.LocalIpAddress = IPAddress.Parse("10.0.0.7");
                return inner(context);
            });
            next(app);
        };
    }

    /// <summary>Kestrel's sockets, and what they listened on.</summary>
    private sealed class ListenedAddresses(SocketTransportFactory sockets, List<EndPoint> listened) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            listened.Add(endpoint);
            return sockets.BindAsync(endpoint, cancellationToken);
        }
    }
}
