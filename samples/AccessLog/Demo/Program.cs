using System.Globalization;
using System.Runtime.InteropServices;
using AccessLog.Demo;
using Orleans.Pipeline;
using Spectre.Console;

// Starts hosts, sends log lines to them, waits until every line has its effect, and prints the result.
const long Generated = 1_000_000;
const int Seed = 42;
if (DemoOptions.Read(args, out var fault) is not { } options)
{
    Console.Error.WriteLine($"demo.sh: {fault}");
    Console.Error.WriteLine("Try './demo.sh --help'.");
    return 2;
}

if (options.AsksForHelp)
{
    Console.WriteLine(DemoOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
var stopped = 0;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, exitCode: 130));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, exitCode: 143));
var console = AnsiConsole.Create(Console.IsOutputRedirected
    ? new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No }
    : new AnsiConsoleSettings());
try
{
    await using var hosts = await DemoHosts.StartAsync(options.Engine, console, stop.Token);
    var exitCode = await PushAsync(hosts);
    if (exitCode == 0 && options.Serves)
    {
        await ServeAsync(hosts);
    }

    return exitCode;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return stopped;
}
catch (Exception failure) when (failure is InvalidOperationException or TimeoutException or IOException)
{
    Console.Error.WriteLine($"demo.sh: {failure.Message}");
    return 1;
}

async Task<int> PushAsync(DemoHosts hosts)
{
    try
    {
        var summary = await RunAsync(hosts);
        for (var run = 2; run <= options.Runs && summary.Fault is null; run++)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Run {run - 1} of {options.Runs}: {summary.RecordsPerSecond:N0} records/s"));
            summary = await RunAsync(hosts);
        }

        summary.Print(console);
        if (options.EndsWithJson)
        {
            Console.WriteLine(summary.ToJson());
        }

        return summary.Fault is null ? 0 : 1;
    }
    catch (Exception failure) when (failure is PipelineException or HttpRequestException or IOException or ArgumentException)
    {
        Console.Error.WriteLine($"The demo failed: {failure.Message}");
        foreach (var line in hosts.LastLines(20))
        {
            Console.Error.WriteLine(line);
        }

        return 1;
    }
}

Task<Summary> RunAsync(DemoHosts hosts)
{
    ILineSource lines = options.Log is { } log ? new LogFile(log, options.Lines) : new GeneratedLines(options.Lines ?? Generated, Seed);
    return new DemoRun(hosts, lines, options.Engine).RunAsync(console, stop.Token);
}

async Task ServeAsync(DemoHosts hosts)
{
    foreach (var address in hosts.Living.Select(uri => uri.ToString().TrimEnd('/')))
    {
        Console.Error.WriteLine($"Serving on {address} (try {address}{AccessLog.Traffic.Path}). Dashboard: {address}");
    }

    Console.Error.WriteLine("Ctrl-C stops.");
    await hosts.Ended.WaitAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

void Stop(PosixSignalContext signal, int exitCode)
{
    signal.Cancel = true;
    stopped = exitCode;
    stop.Cancel();
}
