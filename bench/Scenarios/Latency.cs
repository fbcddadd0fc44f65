using System.Diagnostics;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.FlowControl;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// Time from send to committed effect, one record a millisecond under a profile, beside one fsync'd commit of the
/// same disk: 100 bytes appended and fsync'd, measured before and after.
/// </summary>
internal sealed class Latency(BenchFolder folder, PipelineProfile profile)
{
    public async Task<(Percentiles Effects, Percentiles Commits)> RunAsync(int records, int perSecond)
    {
        var commits = Commits(500);
        folder.Clear();
        await using var pipelines = await EmbeddedPipelines.StartAsync(
            EmbeddedSettings.For(folder.NewFile()), CountingPipeline.Define(1, profile));
        await using var producer = new Producer(pipelines.Topics, CountingPipeline.Topic, ProducerSettings.For(profile));
        await SendPacedAsync(pipelines, producer, perSecond, perSecond);
        var effects = await SendPacedAsync(pipelines, producer, records, perSecond);
        commits.AddRange(Commits(500));
        return (Percentiles.Of(effects), Percentiles.Of(commits));
    }

    private static async Task<IReadOnlyList<TimeSpan>> SendPacedAsync(EmbeddedPipelines pipelines, Producer producer, int records, int perSecond)
    {
        var pending = new List<Task<TimeSpan>>(records);
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (pending.Count < records && await tick.WaitForNextTickAsync())
        {
            var due = Math.Min(records, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond));
            while (pending.Count < due)
            {
                pending.Add(SendAsync(pipelines, producer));
            }
        }

        return await Task.WhenAll(pending);
    }

    private static async Task<TimeSpan> SendAsync(EmbeddedPipelines pipelines, Producer producer)
    {
        var started = Stopwatch.GetTimestamp();
        var sent = await producer.SendAsync(new ProducerRecord { Value = new byte[100] });
        await pipelines.Engine.WhenCommittedAsync(new(CountingPipeline.Name, CountingPipeline.Topic, 0), sent.Offset + 1);
        return Stopwatch.GetElapsedTime(started);
    }

    private List<TimeSpan> Commits(int count)
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
