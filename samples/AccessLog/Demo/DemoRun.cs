using System.Diagnostics;
using System.Net.Http.Json;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Processing;
using Spectre.Console;

namespace AccessLog.Demo;

/// <summary>Pushes lines into a host, and watches it until nothing is left to process.</summary>
internal sealed class DemoRun(Uri server, ILineSource lines)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(50);

    private long _sent;

    /// <summary>Pushes, watches, and reads back what was counted.</summary>
    /// <param name="console">Shows the progress.</param>
    /// <param name="cancellationToken">Stops it all.</param>
    public async Task<Summary> RunAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        await using var client = new PipelineClient(server);
        var clock = Stopwatch.StartNew();
        var status = await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(progress => PushAndWatchAsync(client, progress, cancellationToken));
        var elapsed = clock.Elapsed;
        return new Summary(_sent, status, await ReadTrafficAsync(cancellationToken), elapsed);
    }

    private static ReadOnlyMemory<byte> AddressOf(ReadOnlyMemory<byte> line)
    {
        var end = line.Span.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }

    private async Task<PipelineStatus> PushAndWatchAsync(PipelineClient client, ProgressContext progress, CancellationToken cancellationToken)
    {
        var sent = progress.AddTask("Sent", maxValue: 1);
        var processed = progress.AddTask("Processed", maxValue: 1);
        var before = await client.Pipelines.StatusAsync(AccessLogPipeline.Name, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var push = PushAsync(client, stop.Token);
        try
        {
            using var timer = new PeriodicTimer(WatchInterval);
            while (true)
            {
                var pushed = push.IsCompleted;
                var status = Since(before, await client.Pipelines.StatusAsync(AccessLogPipeline.Name, cancellationToken));
                sent.Value = lines.Share;
                processed.Value = lines.Share * (status.Processed + status.DeadLetters) / Math.Max(1, Volatile.Read(ref _sent));
                if (pushed && (push.IsFaulted || status.Lag == 0))
                {
                    await push;
                    sent.Value = processed.Value = 1;
                    return status;
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await push.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Counts by offsets, which outlive a host that is lost; a host's own count begins anew with it.</summary>
    private static PipelineStatus Since(PipelineStatus before, PipelineStatus now)
    {
        var deadLetters = now.DeadLetters - before.DeadLetters;
        return now with { Processed = CommittedOf(now) - CommittedOf(before) - deadLetters, DeadLetters = deadLetters };
    }

    private static long CommittedOf(PipelineStatus status) => status.Stages[0].Tasks.Sum(task => task.NextOffset);

    private async Task PushAsync(PipelineClient client, CancellationToken cancellationToken)
    {
        await using var producer = client.CreateProducer(AccessLogPipeline.Source);
        await foreach (var line in lines.ReadAsync(cancellationToken))
        {
            await producer.EnqueueAsync(AddressOf(line), line, cancellationToken);
            Volatile.Write(ref _sent, _sent + 1);
        }

        await producer.FlushAsync(cancellationToken);
    }

    private async Task<List<StatusTraffic>> ReadTrafficAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = server };
        return await http.GetFromJsonAsync("/traffic/by-status", DemoJson.Default.ListStatusTraffic, cancellationToken) ?? [];
    }
}
