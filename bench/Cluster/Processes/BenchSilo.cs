using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Grains;
using Orleans.Pipeline.Silo;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>One silo with the pipeline under test, as a process with commands to push, to wait, and to report its cost.</summary>
internal sealed class BenchSilo(WebApplication app, PipelineProfile profile, int partitions)
{
    /// <summary>The argument that makes this program such a silo.</summary>
    public const string Role = "silo";

    private IServiceProvider Services => app.Services;

    private ITopicLog Log => Services.GetRequiredService<ITopicLog>();

    private IPipelineEngine Engine => Services.GetRequiredService<IPipelineEngine>();

    public static IEnumerable<string> Arguments(
        PipelineProfile profile, int partitions, int siloPort, int gatewayPort, string url = "http://127.0.0.1:0") =>
        ["--profile", profile.Name, "--partitions", $"{partitions}", "--Silo:SiloPort", $"{siloPort}", "--Silo:GatewayPort", $"{gatewayPort}", "--urls", url];

    /// <summary>Runs a silo until standard input ends or a stop is requested.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        var profile = Suite.Profiles[builder.Configuration["profile"]!];
        var partitions = builder.Configuration.GetValue<int>("partitions");
        using var calls = new GrainCallCounter();
        builder.AddPipelineSilo(CountingPipeline.Define(partitions, profile));

        // Only the next version of tests/Hosts/Upgrade has these hooks. They report batches that this version sent.
        if (typeof(RecordBatchSurrogate).Assembly.GetType("Orleans.Pipeline.Grains.RecordBatchHooks") is { } hooks)
        {
            builder.Services.AddSingleton(hooks);
        }

        await using var app = builder.Build();
        app.MapPipelineSilo();
        await app.StartAsync();
        await new BenchSilo(app, profile, partitions).ObeyAsync(calls);
        await app.StopAsync();
    }

    private async Task ObeyAsync(GrainCallCounter calls)
    {
        var meter = new CostMeter(calls);
        var commands = new CommandLoop(new Dictionary<string, Func<string[], Task<object>>>
        {
            ["start"] = CommandLoop.Done(_ => meter.Start()),
            ["stop"] = _ => Task.FromResult<object>(meter.Stop()),
            ["push"] = CommandLoop.Done(PushAsync),
            ["pace"] = async words => await PaceAsync(Number(words[0]), Number(words[1])),
            ["pause"] = CommandLoop.Done(_ => Engine.PauseAsync(CountingPipeline.Name).AsTask()),
            ["resume"] = CommandLoop.Done(_ => Engine.ResumeAsync(CountingPipeline.Name).AsTask()),
            ["catch-up"] = CommandLoop.Done(_ => CatchUpAsync()),
            ["bytes"] = async _ => (await GetBoundsAsync()).Sum(bounds => bounds.Bytes),
        });
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await commands.RunAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task PushAsync(string[] arguments)
    {
        await using var producer = new Producer(Log, CountingPipeline.Topic, ProducerSettings.For(profile));
        await Workload.Parse(arguments).PushAsync(producer);
    }

    /// <summary>Sends to one partition at a steady rate.</summary>
    private async Task<PacedRun> PaceAsync(int records, int perSecond)
    {
        await using var producer = new Producer(Log, CountingPipeline.Topic, ProducerSettings.For(profile));
        var task = Services.GetRequiredService<IGrainFactory>().GetGrain<IPartitionGrain>(CountingPipeline.TaskOn(0).ToString());
        return await PacedRun.RunAsync(records, perSecond, ProfileCost.PacedWaitedEach, () => producer.EnqueueAsync(Record()), async () =>
        {
            var started = Stopwatch.GetTimestamp();
            var sent = await producer.SendAsync(Record());
            while (!await task.WhenCommittedAsync(sent.Offset + 1))
            {
            }

            return Stopwatch.GetElapsedTime(started);
        });

        static ProducerRecord Record() => new() { Value = new byte[100], Partition = 0 };
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Waits until every record of the log is committed.</summary>
    private async Task CatchUpAsync()
    {
        var grains = Services.GetRequiredService<IGrainFactory>();
        var ends = await GetBoundsAsync();
        for (var partition = 0; partition < partitions; partition++)
        {
            var task = grains.GetGrain<IPartitionGrain>(CountingPipeline.TaskOn(partition).ToString());
            while (!await task.WhenCommittedAsync(ends[partition].End))
            {
            }
        }
    }

    private async Task<PartitionBounds[]> GetBoundsAsync() =>
        await Task.WhenAll(Enumerable.Range(0, partitions).Select(partition => Log.GetBoundsAsync(new TopicPartition(
            CountingPipeline.Topic,
            partition)).AsTask()));
}
