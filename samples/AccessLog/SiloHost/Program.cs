using AccessLog;
using AccessLog.SiloHost;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Orleans.Pipeline;
using Orleans.Pipeline.Silo;

// The access-log pipeline as an Orleans silo, alone on a SQLite database or with others over PostgreSQL, with the HTTP API and the dashboards:
//   --Silo:Database access-log.db, or PIPELINE_POSTGRES='Host=…'  --urls http://127.0.0.1:5000
//   --Silo:SiloPort 11111  --Silo:GatewayPort 30000  --profile LowLatency|Balanced|Throughput
// Standard output has one line, as soon as the host accepts requests: "Ready: <address>". Logs go to standard error.
try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // errors at the start are printed below
    builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    var profile = ProfileOf(builder.Configuration["profile"] ?? PipelineProfile.Balanced.Name);
    builder.AddPipelineSilo(pipelines => AccessLogPipeline.Define(pipelines, profile));
    builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Microsoft.Orleans"));
    await using var app = builder.Build();
    app.MapPipelineSilo();
    var settings = app.Services.GetRequiredService<SiloSettings>();
    if (!settings.MigrateOnly)
    {
        app.MapTraffic(settings);
    }

    await app.StartAsync();
    if (!settings.MigrateOnly)
    {
        Console.WriteLine($"Ready: {app.Urls.First()}");
    }

    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception stopped) when (stopped is OperationCanceledException or OrleansLifecycleCanceledException)
{
    return 0; // stopped while it was starting
}
catch (Exception failure) when (failure is PipelineException or OptionsValidationException or IOException or FormatException or ArgumentException)
{
    Console.Error.WriteLine($"The silo cannot start. {failure.Message}");
    return 1;
}

static PipelineProfile ProfileOf(string name) =>
    new[] { PipelineProfile.LowLatency, PipelineProfile.Balanced, PipelineProfile.Throughput }
        .FirstOrDefault(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
    ?? throw new ArgumentException($"There is no profile '{name}'. Give --profile LowLatency, Balanced or Throughput.");
