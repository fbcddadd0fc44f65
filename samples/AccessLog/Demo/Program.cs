using System.CommandLine;
using AccessLog.Demo;
using Orleans.Pipeline;
using Spectre.Console;

// Pushes log lines into a running host, waits until every one of them has its effect, and tells what came of it.
var server = new Option<Uri[]>("--server")
{
    Description = "The address of the host; more than once for a cluster's: the next is asked when one does not answer.",
    Required = true,
    CustomParser = static result => [.. result.Tokens.Select(token => new Uri(token.Value))],
};
var file = new Option<FileInfo>("--file") { Description = "The lines to push, plain or compressed by gzip. Default: generated ones." };
var records = new Option<long?>("--records") { Description = "How many lines to push. Default: all of the file, or 1,000,000 generated ones." };
var kill = new Option<int?>("--kill") { Description = "The id of a silo's process, which is killed (SIGKILL) when half of the lines are sent." };
var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
var command = new RootCommand("Pushes log lines through the access-log pipeline.") { server, file, records, kill, json };
file.AcceptExistingOnly();
command.SetAction(async (options, cancellationToken) =>
{
    const long Generated = 1_000_000;
    const int Seed = 42;
    ILineSource lines = options.GetValue(file) is { } log
        ? new LogFile(log, options.GetValue(records))
        : new GeneratedLines(options.GetValue(records) ?? Generated, Seed);
    var console = AnsiConsole.Create(Console.IsOutputRedirected
        ? new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No }
        : new AnsiConsoleSettings());
    try
    {
        var silo = options.GetValue(kill) is { } process ? new KilledSilo(process, console) : null;
        var summary = await new DemoRun(options.GetValue(server)!, lines, silo).RunAsync(console, cancellationToken);
        summary.Print(console);
        if (options.GetValue(json))
        {
            Console.WriteLine(summary.ToJson());
        }

        return summary.Fault is null ? 0 : 1;
    }
    catch (Exception failure) when (failure is PipelineException or HttpRequestException or IOException or ArgumentException)
    {
        Console.Error.WriteLine($"The demo failed: {failure.Message}");
        return 1;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        return 130;
    }
});
return await command.Parse(args).InvokeAsync();
