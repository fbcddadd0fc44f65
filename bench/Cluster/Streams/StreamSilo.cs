using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using Orleans.Pipeline.Bench.Cluster.Processes;
using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster.Streams;

/// <summary>One silo of raw Orleans, as a process, with the program that a user would write on it.</summary>
internal sealed class StreamSilo(IHost host)
{
    /// <summary>The argument that makes this program such a silo.</summary>
    public const string Role = "streams";

    /// <summary>
    /// The maximum number of calls whose records are sent but not yet received. A queue of the memory streams refuses more than 16,384.
    /// </summary>
    private const int CallsAhead = 8_000;

    /// <summary>How long to wait for the next record before the missing ones are given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs a silo until standard input ends.</summary>
    public static async Task RunAsync(string[] ports)
    {
        var connectionString = Environment.GetEnvironmentVariable("PIPELINE_POSTGRES")!;
        await CreateTablesAsync(connectionString);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<StreamProgress>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(int.Parse(ports[0], null), int.Parse(ports[1], null));
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(StreamWay.Memory);
            silo.AddAdoNetStreams(
                StreamWay.AdoNet, options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString));
        });
        using var calls = new GrainCallCounter();
        using var host = builder.Build();
        await host.StartAsync();
        await new StreamSilo(host).ObeyAsync(calls);
        await host.StopAsync();
    }

    private static async Task CreateTablesAsync(string connectionString)
    {
        using var script = new StreamReader(typeof(StreamSilo).Assembly.GetManifestResourceStream("streams.sql")!);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(await script.ReadToEndAsync());
        await command.ExecuteNonQueryAsync();
    }

    private async Task ObeyAsync(GrainCallCounter calls)
    {
        var meter = new CostMeter(calls);
        await new CommandLoop(new Dictionary<string, Func<string[], Task<object>>>
        {
            ["start"] = CommandLoop.Done(_ => meter.Start()),
            ["stop"] = _ => Task.FromResult<object>(meter.Stop()),
            ["run"] = async arguments =>
                await RunAsync(arguments[0], int.Parse(arguments[1], null), int.Parse(arguments[2], null), Workload.Parse(arguments[3..])),
        }).RunAsync(CancellationToken.None);
    }

    /// <summary>Sends every record, and waits until all are received or no more come.</summary>
    private async Task<StreamOutcome> RunAsync(string provider, int perCall, int streams, Workload workload)
    {
        var progress = host.Services.GetRequiredService<StreamProgress>();
        var before = progress.Taken;
        var sent = 0L;
        var calls = workload.Records / perCall;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => Task.Run(async () =>
        {
            var send = Sender(provider, stream);
            var values = new RandomValues(workload.RecordBytes, stream);
            for (var call = stream; call < calls; call += streams)
            {
                await send(values.Next(perCall));
                await progress.WhenTakenAsync(before + Interlocked.Add(ref sent, perCall) - (CallsAhead * (long)perCall));
            }
        })));
        await progress.WhenTakenAsync(before + ((long)calls * perCall), Patience);
        return new StreamOutcome(sent, progress.Taken - before, Stopwatch.GetElapsedTime(started, progress.LastTaken).TotalSeconds);
    }

    private Func<byte[][], Task> Sender(string provider, int stream)
    {
        if (provider == StreamWay.GrainCalls)
        {
            var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRecordGrain>(stream);
            return records => grain.TakeAsync(records[0]);
        }

        var records = host.Services.GetRequiredService<IClusterClient>().GetStreamProvider(provider)
            .GetStream<byte[]>(StreamId.Create(StreamConsumer.Namespace, $"{provider}-{stream}"));
        return batch => batch.Length == 1 ? records.OnNextAsync(batch[0]) : records.OnNextBatchAsync(batch);
    }
}

/// <summary>The result of a run.</summary>
/// <param name="Sent">Records sent.</param>
/// <param name="Taken">Records received.</param>
/// <param name="Seconds">The time from the first send to the last receipt.</param>
internal sealed record StreamOutcome(long Sent, long Taken, double Seconds);
