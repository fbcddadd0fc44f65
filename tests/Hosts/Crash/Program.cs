using Microsoft.Extensions.Logging.Console;
using Orleans.Pipeline.CrashHost;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Gateway;
using Orleans.Pipeline.Numbers;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
var settings = EmbeddedSettings.For(builder.Configuration["database"]!);
if (builder.Configuration["in-segments"] is not null)
{
    settings = settings with { Store = settings.Store with { SegmentGroupBytes = 1, SegmentBatchBytes = 1, SegmentBytes = 100_000 } };
}

builder.Services.AddEmbeddedPipelines(
    settings,
    pipelines => NumbersPipeline.Define(pipelines, builder.Configuration["files"]!, builder.Configuration["mended"] is not null));
builder.AddPipelineGateway();

await using var app = builder.Build();
app.MapPipelineGateway();
app.MapGet("/memory", Memory.Now);
app.MapGet("/urls", () => app.Urls);
await app.StartAsync();
Console.WriteLine($"Ready: {app.Urls.First()}");
await app.WaitForShutdownAsync();
