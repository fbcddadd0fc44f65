using Microsoft.Extensions.Logging.Console;
using Orleans.Pipeline.Numbers;
using Orleans.Pipeline.Silo;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.AddPipelineSilo(pipelines => NumbersPipeline.Define(pipelines, builder.Configuration["files"]!));

await using var app = builder.Build();
app.MapPipelineSilo();
await app.StartAsync();
Console.WriteLine($"Ready: {app.Urls.First()}");
await app.WaitForShutdownAsync();
