using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Gateway;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Hosts;

/// <summary>
/// The gateway on Kestrel, on free ports of loopback, over a SQLite store in a temporary directory, with pipelines if they are defined.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly ChannelReader<string> _arrivals;
    private readonly ChannelReader<string> _departures;

    private GatewayHost(DirectoryInfo directory, WebApplication app, ChannelReader<string> arrivals, ChannelReader<string> departures)
    {
        _directory = directory;
        _arrivals = arrivals;
        _departures = departures;
        Store = app.Services.GetRequiredService<SqliteStore>();
        App = app;
        var addresses = app.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Address = new Uri(addresses[0]);
        Http2Address = new Uri(addresses[^1]);
        Http = new HttpClient { BaseAddress = Address };
        Http2 = new HttpClient
        {
            BaseAddress = Http2Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public WebApplication App { get; }

    public SqliteStore Store { get; }

    public string DatabasePath => Path.Combine(_directory.FullName, "pipeline.db");

    public Uri Address { get; }

    public Uri Http2Address { get; }

    public HttpClient Http { get; }

    public HttpClient Http2 { get; }

    public static async Task<GatewayHost> StartAsync(
        Action<GatewaySettings>? configure = null,
        Action<PipelineKestrelSettings>? listen = null,
        Action<PipelineCatalog>? define = null,
        Func<SqliteStore, Task>? prepare = null,
        TimeSpan busyTimeout = default,
        Action<WebApplicationBuilder>? build = null,
        bool listens = true)
    {
        var directory = Directory.CreateTempSubdirectory("gateway-");
        var settings = new SqliteStoreSettings { Path = Path.Combine(directory.FullName, "pipeline.db"), BusyTimeout = busyTimeout };
        if (prepare is not null)
        {
            await using var prepared = await SqliteStore.OpenAsync(settings);
            await prepare(prepared);
        }

        var builder = listens ? WebApplication.CreateSlimBuilder() : WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        if (define is null)
        {
            var store = await SqliteStore.OpenAsync(settings);
            builder.Services.AddSingleton(_ => store).AddSingleton<ITopicStore>(store);
        }
        else
        {
            // Records of tests have times of their own, and are kept for as long as a test takes.
            builder.Services.AddEmbeddedPipelines(
                new EmbeddedSettings { Store = settings, RetentionInterval = TimeSpan.FromDays(1) }, define);
        }

        build?.Invoke(builder);
        builder.AddPipelineGateway(configure);
        if (listens)
        {
            builder.WebHost.UsePipelineKestrel(kestrel =>
            {
                kestrel.Port = 0;
                kestrel.Http2Port = 0;
                listen?.Invoke(kestrel);
            });
        }

        var app = builder.Build();
        var arrivals = Channel.CreateUnbounded<string>();
        var departures = Channel.CreateUnbounded<string>();
        app.MapPipelineGateway().AddEndpointFilter(async (context, next) =>
        {
            arrivals.Writer.TryWrite(context.HttpContext.Request.Path);
            try
            {
                return await next(context);
            }
            finally
            {
                departures.Writer.TryWrite(context.HttpContext.Request.Path);
            }
        });
        await app.StartAsync();
        return new GatewayHost(directory, app, arrivals.Reader, departures.Reader);
    }

    /// <summary>Waits until a request for a path has reached its endpoint.</summary>
    public Task ArrivalAsync(string path) => NextAsync(_arrivals, path);

    /// <summary>Waits until a request for a path has left its endpoint, answered or not.</summary>
    public Task DepartureAsync(string path) => NextAsync(_departures, path);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Http2.Dispose();
        await App.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static async Task NextAsync(ChannelReader<string> requests, string path)
    {
        while (await requests.ReadAsync() != path)
        {
        }
    }
}
