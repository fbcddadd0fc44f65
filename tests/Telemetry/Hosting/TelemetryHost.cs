using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Gateway;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Telemetry.Tests.Hosting;

/// <summary>A host of pipelines with gateway and telemetry, on a free port of loopback, over a database in a temporary directory.</summary>
internal sealed class TelemetryHost : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;

    private TelemetryHost(DirectoryInfo directory, WebApplication app)
    {
        _directory = directory;
        App = app;
        Http = new HttpClient { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public Uri Address => new(App.Urls.First());

    public string DatabasePath => Path.Combine(_directory.FullName, "telemetry.db");

    public SqliteStore Store => App.Services.GetRequiredService<SqliteStore>();

    public EmbeddedEngine Engine => App.Services.GetRequiredService<EmbeddedEngine>();

    public static async Task<TelemetryHost> StartAsync(
        Action<PipelineCatalog> define, IReadOnlyDictionary<string, string?>? configuration = null)
    {
        var directory = Directory.CreateTempSubdirectory("telemetry-");
        try
        {
            return new TelemetryHost(directory, await StartAsync(directory, define, configuration));
        }
        catch
        {
            directory.Delete(recursive: true);
            throw;
        }
    }

    private static async Task<WebApplication> StartAsync(
        DirectoryInfo directory, Action<PipelineCatalog> define, IReadOnlyDictionary<string, string?>? configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(configuration ?? new Dictionary<string, string?>());
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var store = new SqliteStoreSettings { Path = Path.Combine(directory.FullName, "telemetry.db"), BusyTimeout = TimeSpan.Zero };
        builder.Services.AddEmbeddedPipelines(new EmbeddedSettings { Store = store, RetentionInterval = TimeSpan.FromDays(1) }, define);
        builder.AddPipelineGateway();
        builder.AddPipelineTelemetry();
        var app = builder.Build();
        app.MapPipelineGateway();
        await app.StartAsync();
        return app;
    }

    /// <summary>Gets <c>/metrics</c>, with the gauges as they are now.</summary>
    /// <param name="accept">The format asked for; null for none.</param>
    public async Task<(string? Type, string Text)> MetricsAsync(string? accept = null)
    {
        await Engine.Gauges.RefreshAsync(CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var answer = await Http.SendAsync(request);
        return (answer.EnsureSuccessStatusCode().Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Stops the host; does nothing the second time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_directory.Exists)
        {
            return;
        }

        Http.Dispose();
        await App.DisposeAsync();
        _directory.Delete(recursive: true);
        _directory.Refresh();
    }
}
