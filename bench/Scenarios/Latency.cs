using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// The time from send to committed effect under a profile, with one record per millisecond. Beside it, the time of one commit of the same
/// store (a durable append of one record), of one SQLite transaction of one row at the same pace, and of one raw fsync of 100 bytes on the
/// same disk.
/// </summary>
internal sealed class Latency(BenchFolder folder, PipelineProfile profile)
{
    private const int Samples = 1000;

    public async Task<LatencyRun> RunAsync(int records, int perSecond)
    {
        folder.Clear();
        var fsyncs = Fsyncs(Samples);
        var commits = await CommitsAsync(Samples);
        var rows = await RowsAsync(records / 2, perSecond);
        var (_, effects) = await PacedAsync(records, perSecond, waitedEach: 1);
        rows.AddRange(await RowsAsync(records / 2, perSecond));
        fsyncs.AddRange(Fsyncs(Samples));
        commits.AddRange(await CommitsAsync(Samples));
        return new(effects, Percentiles.Of(commits), Percentiles.Of(rows), Percentiles.Of(fsyncs));
    }

    /// <summary>Sends at a steady rate, after a warm-up of one second.</summary>
    public async Task<PacedRun> PacedAsync(int records, int perSecond, int waitedEach)
    {
        await using var pipelines = await EmbeddedPipelines.StartAsync(
            folder.NewEngine(), CountingPipeline.Define(1, profile));
        await using var producer = new Producer(pipelines.Topics, CountingPipeline.Topic, ProducerSettings.For(profile));
        await PacedRun.RunAsync(perSecond, perSecond, waitedEach, Send, Wait);
        return await PacedRun.RunAsync(records, perSecond, waitedEach, Send, Wait);

        ValueTask Send() => producer.EnqueueAsync(new ProducerRecord { Value = new byte[100] });
        Task<TimeSpan> Wait() => SendAsync(pipelines, producer);
    }

    private static async Task<TimeSpan> SendAsync(EmbeddedPipelines pipelines, Producer producer)
    {
        var started = Stopwatch.GetTimestamp();
        var sent = await producer.SendAsync(new ProducerRecord { Value = new byte[100] });
        await pipelines.Engine.WhenCommittedAsync(CountingPipeline.TaskOn(0), sent.Offset + 1);
        return Stopwatch.GetElapsedTime(started);
    }

    private async Task<List<TimeSpan>> CommitsAsync(int count)
    {
        var times = new List<TimeSpan>(count);
        await using var store = await SqliteStore.OpenAsync(folder.NewStore());
        await store.CreateTopicAsync(CountingPipeline.Topic, new TopicSettings { Partitions = 1 });
        var builder = new RecordBatchBuilder();
        for (var index = 0; index < count; index++)
        {
            builder.Append(default, new byte[100], timestamp: 0);
            var batch = builder.Build();
            var started = Stopwatch.GetTimestamp();
            await store.AppendAsync(new(CountingPipeline.Topic, 0), batch);
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        return times;
    }

    private async Task<List<TimeSpan>> RowsAsync(int count, int perSecond)
    {
        var times = new List<TimeSpan>(count);
        await using var connection = new SqliteConnection($"Data Source={folder.NewFile()};Pooling=False");
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"PRAGMA page_size={folder.NewStore().PageBytes}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE records (value)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO records VALUES (zeroblob(100))";
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        while (times.Count < count && await tick.WaitForNextTickAsync())
        {
            var started = Stopwatch.GetTimestamp();
            command.ExecuteNonQuery();
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        return times;
    }

    private List<TimeSpan> Fsyncs(int count)
    {
        var times = new List<TimeSpan>(count);
        using var file = new FileStream(folder.NewFile(), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var index = 0; index < count; index++)
        {
            var started = Stopwatch.GetTimestamp();
            file.Write(new byte[100]);
            file.Flush(flushToDisk: true);
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        return times;
    }
}

/// <param name="Effects">From send to committed effect.</param>
/// <param name="Commits">One commit of the store.</param>
/// <param name="Rows">One transaction of one row.</param>
/// <param name="Fsyncs">One fsync of the disk.</param>
internal sealed record LatencyRun(Percentiles Effects, Percentiles Commits, Percentiles Rows, Percentiles Fsyncs);
