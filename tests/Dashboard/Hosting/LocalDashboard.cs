using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>A host with a dashboard in this process, on a port of loopback and a database of its own.</summary>
internal sealed class LocalDashboard : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly WebApplication _app;

    private LocalDashboard(TemporaryDirectory directory, WebApplication app) => (_directory, _app) = (directory, app);

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public string Database => _directory["test.db"];

    public static async Task<LocalDashboard> StartAsync(
        Action<PipelineCatalog> define, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var directory = new TemporaryDirectory();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEmbeddedPipelines(EmbeddedSettings.For(directory["test.db"]), define);
        builder.AddPipelineGateway();
        builder.Services.AddPipelineDashboard();
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapPipelineGateway();
        app.MapPipelineDashboard();
        await app.StartAsync();
        return new LocalDashboard(directory, app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}
