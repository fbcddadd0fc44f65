using System.Diagnostics;
using System.Globalization;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// The time from the start of a process to its first durable append, with a log of a size: after a process that was killed while it
/// appended, and after one that was stopped.
/// </summary>
internal sealed class Start(BenchFolder folder)
{
    /// <summary>The argument that makes this program the process that fills the log until it is killed.</summary>
    public const string FillArgument = "fill-until-killed";

    /// <summary>The argument that makes this program the process that is timed.</summary>
    public const string OpenArgument = "open";

    private static readonly Workload Load = new(Records: 1_000_000, RecordBytes: 100, Partitions: 8);

    public async Task<IReadOnlyList<(string Name, TimeSpan Ready)>> RunAsync(long bytes)
    {
        folder.Clear();
        var database = folder.NewFile();
        await FillAsync(database, bytes);
        return [("start after a kill", await OpenAsync(database)), ("start after a stop", await OpenAsync(database))];
    }

    /// <summary>Runs the second process.</summary>
    public static Task RunSecondAsync(string[] arguments) => arguments[0] == OpenArgument
        ? RunOpenedAsync(arguments[1])
        : RunFillerAsync(arguments[1], long.Parse(arguments[2], CultureInfo.InvariantCulture));

    private static async Task RunOpenedAsync(string database)
    {
        await using var pipelines = await EmbeddedPipelines.StartAsync(
            new EmbeddedSettings { Store = new() { Path = database } },
            CountingPipeline.Define(Load.Partitions, PipelineProfile.Throughput));
        await pipelines.Topics.AppendAsync(new(CountingPipeline.Topic, 0), (Load with { Records = 1 }).Batches()[0]);
        Console.WriteLine("ready");
    }

    private static async Task RunFillerAsync(string database, long filledBytes)
    {
        await using var store = await SqliteStore.OpenAsync(new() { Path = database });
        await store.CreateTopicAsync(CountingPipeline.Topic, new TopicSettings { Partitions = Load.Partitions });
        var batches = Load.Batches();
        var round = batches.Sum(batch => (long)batch.Bytes.Length);
        for (var bytes = round; ; bytes += round)
        {
            await Appends.FillAsync(store, batches, Load.Partitions);
            if (bytes >= filledBytes)
            {
                Console.WriteLine("filled");
            }
        }
    }

    private static async Task FillAsync(string database, long bytes)
    {
        using var filler = SecondProcess.Start([FillArgument, database, bytes.ToString(CultureInfo.InvariantCulture)]);
        await filler.StandardOutput.ReadLineAsync();
        filler.Kill();
        await filler.WaitForExitAsync();
    }

    private static async Task<TimeSpan> OpenAsync(string database)
    {
        var started = Stopwatch.GetTimestamp();
        using var opener = SecondProcess.Start([OpenArgument, database]);
        var answer = await opener.StandardOutput.ReadLineAsync();
        var ready = Stopwatch.GetElapsedTime(started);
        await opener.WaitForExitAsync();
        return answer == "ready" ? ready : throw new InvalidOperationException("The process ended before it was ready.");
    }
}
