using AccessLog;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>
/// The access-log sample as a process, as it comes out of the build, with lines that it has processed and more that keep coming.
/// </summary>
public sealed class AccessLogHost : IAsyncLifetime
{
    private const string Assembly = "AccessLog.EmbeddedHost.dll";
    private const int FirstLines = 4000;

    private static readonly Dictionary<string, string> Prices = new()
    {
        ["Cost__Currency"] = "EUR",
        ["Cost__CpuHour"] = "0.04",
        ["Cost__MemoryGibHour"] = "0.005",
        ["Cost__StoredGibMonth"] = "0.1",
    };

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private HostProcess? _process;
    private Task _traffic = Task.CompletedTask;

    public Uri Address { get; private set; } = null!;

    public PipelineClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Missing is not null)
        {
            return;
        }

        _process = HostProcess.Start(Assembly, Prices, "--database", _directory["access-log.db"], "--urls", "http://127.0.0.1:0");
        Address = await _process.ReadyAsync();
        Client = new PipelineClient(Address);
        await using (var producer = Client.CreateProducer(AccessLogPipeline.Source))
        {
            await SendAsync(producer, 0, FirstLines);
        }

        _traffic = KeepSendingAsync();
        await Screenshots.WaitForHistoryAsync(Address);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _traffic;
        if (Client is not null)
        {
            await Client.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
        _stop.Dispose();
    }

    /// <summary>Some hundred lines a second, more and less by turns, as if people came and went.</summary>
    private async Task KeepSendingAsync()
    {
        await using var producer = Client.CreateProducer(AccessLogPipeline.Source);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        var next = FirstLines;
        for (var tick = 0; !_stop.IsCancellationRequested; tick++)
        {
            var lines = (int)(250 + (150 * Math.Sin(tick / 60.0)) + (60 * Math.Sin(tick / 7.0)) + Random.Shared.Next(40));
            await SendAsync(producer, next, lines);
            next += lines;
            await ((Task)timer.WaitForNextTickAsync(_stop.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(Producer producer, int first, int count)
    {
        var sends = Enumerable.Range(first, count).Select(number =>
        {
            var (key, line) = AccessLogLines.Of(number);
            return producer.SendAsync(key, line).AsTask();
        });
        await Task.WhenAll(sends);
    }
}
