using Orleans.Pipeline.Contracts;

namespace Orleans.Pipeline.EndToEnd.Tests.Hosts;

/// <summary>What the embedded host logs.</summary>
public sealed class LogTests : IDisposable
{
    private const string Line = "127.0.0.1 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 12 \"-\" \"curl/8\"";

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Under_load_a_host_logs_its_start_its_address_that_it_is_ready_and_its_stop_and_nothing_else()
    {
        var written = await RunAsync();

        HostLog.AssertOnly(written, HostLog.EngineStarts, HostLog.Listening, HostLog.Ready, HostLog.Stops, HostLog.Stopped);
        Assert.Contains(_directory["access-log.db"], written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_level_in_the_configuration_wins_over_the_host_s_own()
    {
        var written = await RunAsync("--Logging:LogLevel:Microsoft.AspNetCore", "Information");

        Assert.True(HostLog.HasEntry(written, "info", "Microsoft.AspNetCore.Hosting"), written);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Runs a host under load, and stops it.</summary>
    /// <returns>What it wrote to standard error.</returns>
    private async Task<string> RunAsync(params string[] arguments)
    {
        await using var host = HostProcess.Start(
            "AccessLog.EmbeddedHost.dll", ["--database", _directory["access-log.db"], "--urls", "http://127.0.0.1:0", .. arguments]);
        await OrdinaryUse.RunAsync(await host.ReadyAsync(), AccessLog.AccessLogPipeline.Source, Line);
        Assert.Equal(0, await host.TerminateAsync());
        return host.Errors;
    }
}
