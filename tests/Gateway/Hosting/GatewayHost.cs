using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Tests.Hosting;

/// <summary>The gateway on Kestrel, on free ports of loopback, over a SQLite store in a temporary directory.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly ChannelReader<string> _arrivals;

    private GatewayHost(DirectoryInfo directory, SqliteStore store, WebApplication app, ChannelReader<string> arrivals)
    {
        _directory = directory;
        _arrivals = arrivals;
        Store = store;
        App = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToList();
        Address = new Uri(addresses[0]);
        Http2Address = new Uri(addresses[1]);
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

    public string DatabasePath => DatabaseIn(_directory);

    public Uri Address { get; }

    public Uri Http2Address { get; }

    public HttpClient Http { get; }

    public HttpClient Http2 { get; }

    public static async Task<GatewayHost> StartAsync(
        Action<GatewaySettings>? configure = null,
        Action<PipelineKestrelSettings>? listen = null,
        Action<IServiceCollection>? addServices = null,
        TimeSpan? busyTimeout = null)
    {
        var directory = Directory.CreateTempSubdirectory("gateway-");
        var store = await SqliteStore.OpenAsync(
            new SqliteStoreSettings { Path = DatabaseIn(directory), BusyTimeout = busyTimeout ?? TimeSpan.FromSeconds(5) });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ITopicStore>(store).AddSingleton<ICheckpointStore>(store);
        builder.Services.AddPipelineGateway(configure);
        addServices?.Invoke(builder.Services);
        builder.WebHost.UsePipelineKestrel(settings =>
        {
            settings.Port = 0;
            settings.Http2Port = 0;
            listen?.Invoke(settings);
        });
        var app = builder.Build();
        var arrivals = Channel.CreateUnbounded<string>();
        app.MapPipelineGateway().AddEndpointFilter((context, next) =>
        {
            arrivals.Writer.TryWrite(context.HttpContext.Request.Path);
            return next(context);
        });
        await app.StartAsync();
        return new GatewayHost(directory, store, app, arrivals.Reader);
    }

    /// <summary>Waits until a request for a path has reached its endpoint.</summary>
    public async Task ArrivalAsync(string path)
    {
        while (await _arrivals.ReadAsync() != path)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Http2.Dispose();
        await App.DisposeAsync();
        await Store.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static string DatabaseIn(DirectoryInfo directory) => Path.Combine(directory.FullName, "pipeline.db");
}
