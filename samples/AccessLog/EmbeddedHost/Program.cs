using AccessLog;
using AccessLog.EmbeddedHost;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Orleans.Pipeline;
using Orleans.Pipeline.Dashboard;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Gateway;

// The access-log pipeline in one process, with the HTTP API and the dashboard in front of it:
//   --database access-log.db  --urls http://127.0.0.1:5000  --profile LowLatency|Balanced|Throughput
// Standard output has one line, as soon as the host accepts requests: "Ready: <address>". Logs go to standard error.
try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // errors at the start are printed below
    builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    var settings = HostSettings.Read(builder.Configuration);
    builder.Services.AddEmbeddedPipelines(
        EmbeddedSettings.For(settings.Database), pipelines => AccessLogPipeline.Define(pipelines, settings.Profile));
    builder.AddPipelineGateway();
    builder.Services.AddPipelineDashboard();
    builder.AddPipelineTelemetry();

    await using var app = builder.Build();
    app.MapPipelineGateway();
    app.MapPipelineDashboard();
    app.MapTraffic(settings.Database);
    await app.StartAsync();
    Console.WriteLine($"Ready: {app.Urls.First()}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception failure) when (failure is PipelineException or InvalidSettingException or OptionsValidationException or IOException or FormatException or ArgumentException)
{
    Console.Error.WriteLine($"The host cannot start. {failure.Message}");
    return 1;
}
