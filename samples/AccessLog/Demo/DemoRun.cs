using System.Diagnostics;
using System.Net.Http.Json;
using Orleans.Pipeline;
using Orleans.Pipeline.Client;
using Spectre.Console;

namespace AccessLog.Demo;

/// <summary>Sends lines to hosts, and watches until every line is processed. In a cluster it kills one silo half-way.</summary>
/// <param name="hosts">The host, or the silos of a cluster.</param>
/// <param name="lines">The lines.</param>
/// <param name="engine">The engine that runs the pipeline.</param>
internal sealed class DemoRun(DemoHosts hosts, ILineSource lines, DemoEngine engine)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long to wait for a cluster without a responding gateway. A single host that does not respond has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<Uri> _servers = hosts.Addresses;
    private readonly KilledSilo? _silo = hosts.Victim;
    private long _sent;

    /// <summary>Sends the lines, watches the pipeline, and reads the counts.</summary>
    /// <param name="console">Shows the progress.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public async Task<Summary> RunAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        await using var client = new PipelineClient([.. _servers]);
        var before = await CatchUpAsync(client, console, cancellationToken);
        var traffic = await ReadTrafficAsync(cancellationToken);
        var calls = (await GrainMetrics.ReadAsync(_servers, cancellationToken)).Calls;
        var processor = hosts.ProcessorTime;
        var clock = Stopwatch.StartNew();
        var status = await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(progress => PushAndWatchAsync(client, before, progress, cancellationToken));
        var elapsed = clock.Elapsed;
        processor = hosts.ProcessorTime - processor;
        var grains = await GrainMetrics.ReadAsync(_servers, cancellationToken);
        return new Summary
        {
            Engine = engine,
            Sent = _sent,
            Pipeline = status,
            Traffic = Since(traffic, await ReadTrafficAsync(cancellationToken)),
            Elapsed = elapsed,
            ProcessorTime = processor > TimeSpan.Zero ? processor : null,
            PeakBytes = hosts.PeakBytes,
            Grains = engine == DemoEngine.Embedded ? null : grains with { Calls = Math.Max(0, grains.Calls - calls) },
            TakeOver = _silo?.TakeOver,
        };
    }

    private static ReadOnlyMemory<byte> AddressOf(ReadOnlyMemory<byte> line)
    {
        var end = line.Span.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }

    private async Task<PipelineStatus> PushAndWatchAsync(
        PipelineClient client, PipelineStatus before, ProgressContext progress, CancellationToken cancellationToken)
    {
        var sent = progress.AddTask("Sent", maxValue: 1);
        var processed = progress.AddTask("Processed", maxValue: 1);
        _silo?.Watch(before);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var push = PushAsync(client, stop.Token);
        try
        {
            using var timer = new PeriodicTimer(WatchInterval);
            while (true)
            {
                var pushed = push.IsCompleted;
                var now = await GetStatusAsync(client, cancellationToken);
                _silo?.Watch(now);
                var status = Since(before, now);
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

    /// <summary>Waits until records of an earlier run are processed, so that they do not count for this one.</summary>
    private async Task<PipelineStatus> CatchUpAsync(PipelineClient client, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var status = await GetStatusAsync(client, cancellationToken);
        if (status.Lag > 0)
        {
            console.WriteLine($"Waiting for {status.Lag} lines that an earlier run left …");
        }

        using var timer = new PeriodicTimer(WatchInterval);
        while (status.Lag > 0)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            status = await GetStatusAsync(client, cancellationToken);
        }

        return status;
    }

    /// <summary>Asks until one of the cluster's gateways responds. For some seconds after the loss of a silo, none may.</summary>
    private async Task<PipelineStatus> GetStatusAsync(PipelineClient client, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval);
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await client.Admin.DescribePipelineAsync(AccessLogPipeline.Name, cancellationToken);
            }
            catch (StoreUnavailableException) when (_servers.Count > 1 && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    /// <summary>Counts by offsets, which survive the loss of a silo. A process's own count restarts with the process.</summary>
    private static PipelineStatus Since(PipelineStatus before, PipelineStatus now)
    {
        var deadLetters = now.DeadLetters - before.DeadLetters;
        return now with { Processed = CommittedOf(now) - CommittedOf(before) - deadLetters, DeadLetters = deadLetters };
    }

    /// <summary>Returns the growth of a table that was not empty.</summary>
    private static List<StatusTraffic> Since(List<StatusTraffic> before, List<StatusTraffic> now)
    {
        var known = before.ToDictionary(traffic => traffic.Status);
        return [.. now
            .Select(traffic => known.TryGetValue(traffic.Status, out var old)
                ? traffic with { Requests = traffic.Requests - old.Requests, Bytes = traffic.Bytes - old.Bytes }
                : traffic)
            .Where(traffic => traffic.Requests != 0)];
    }

    private static long CommittedOf(PipelineStatus status) => status.Stages[0].Tasks.Sum(task => task.NextOffset);

    private async Task PushAsync(PipelineClient client, CancellationToken cancellationToken)
    {
        await using var producer = client.CreateProducer(AccessLogPipeline.Source);
        await foreach (var line in lines.ReadAsync(cancellationToken))
        {
            if (lines.Share >= 0.5)
            {
                _silo?.Kill(_sent);
            }

            await producer.EnqueueAsync(AddressOf(line), line, cancellationToken);
            Volatile.Write(ref _sent, _sent + 1);
        }

        _silo?.Kill(_sent);
        await producer.FlushAsync(cancellationToken);
    }

    private async Task<List<StatusTraffic>> ReadTrafficAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        foreach (var server in _servers.SkipLast(1))
        {
            try
            {
                return await ReadTrafficAsync(http, server, cancellationToken);
            }
            catch (HttpRequestException)
            {
                // The next host has the same table.
            }
        }

        return await ReadTrafficAsync(http, _servers[^1], cancellationToken);
    }

    private static async Task<List<StatusTraffic>> ReadTrafficAsync(HttpClient http, Uri server, CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync(new Uri(server, Traffic.Path), TrafficJson.Default.ListStatusTraffic, cancellationToken) ?? [];
}
