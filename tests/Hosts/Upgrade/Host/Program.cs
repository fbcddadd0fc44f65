using Microsoft.Extensions.Logging.Console;
using Npgsql;
using Orleans.Pipeline.Grains;
using Orleans.Pipeline.Numbers;
using Orleans.Pipeline.Silo;
using Orleans.Pipeline.Tallies;
using Orleans.Serialization;
using Orleans.Storage;

// A silo with the pipeline of the crash tests, and beside it a user's own grains, whose state and whose calls change between versions too.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.AddPipelineSilo(
    pipelines => NumbersPipeline.Define(pipelines, builder.Configuration["files"]!),
    silo => silo.AddAdoNetGrainStorage(TallyGrain.Storage, storage => storage.Configure<Serializer>((options, serializer) =>
    {
        options.Invariant = "Npgsql";
        options.ConnectionString = new NpgsqlConnectionStringBuilder(builder.Configuration[SiloSettings.PostgresVariable]) { SearchPath = "orleans" }.ConnectionString;
        options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
    })));

// Only the next version has these hooks. They report batches that the present version sent.
if (typeof(RecordBatchSurrogate).Assembly.GetType("Orleans.Pipeline.Grains.RecordBatchHooks") is { } hooks)
{
    builder.Services.AddSingleton(hooks);
}

await using var app = builder.Build();
app.MapPipelineSilo();
app.MapGet("/tallies/{partition:int}", (int partition, long offset, IGrainFactory grains) =>
    grains.GetGrain<ITallyGrain>(PipelineStreams.Partition(NumbersPipeline.Source, partition).GetKeyAsString()).ReadAsync(offset));
await app.StartAsync();
Console.WriteLine($"Ready: {app.Urls.First()}");
await app.WaitForShutdownAsync();
