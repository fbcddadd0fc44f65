using System.Globalization;
using AccessLog;
using Orleans.Pipeline.Contracts;

namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>What a silo logs.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class LogTests(DatabaseFixture database)
{
    private const string SiloHost = "AccessLog.SiloHost.dll";
    private const string Line = "127.0.0.1 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 12 \"-\" \"curl/8\"";

    private static readonly string[] OrdinaryLife =
        [HostLog.Starts, HostLog.Spread, HostLog.Listening, HostLog.Ready, HostLog.Stops, HostLog.Stopped];

    [ClusterFact]
    public async Task Under_load_a_silo_on_PostgreSQL_logs_its_start_its_address_that_it_is_ready_and_its_stop_and_nothing_else()
    {
        var written = await RunAsync(new() { ["PIPELINE_POSTGRES"] = await database.Server.TakeDatabaseAsync() });

        HostLog.AssertOnly(written, OrdinaryLife);
        Assert.Matches("Silo .+ of cluster pipeline starts at .+: Orleans.Pipeline .+, Orleans [0-9.]+, store: PostgreSQL.", written);
    }

    [ClusterFact]
    public async Task Under_load_a_silo_on_a_file_logs_its_start_its_address_that_it_is_ready_and_its_stop_and_nothing_else()
    {
        using var directory = new TemporaryDirectory();
        var written = await RunAsync([], "--Silo:Database", directory["pipeline.db"]);

        HostLog.AssertOnly(written, OrdinaryLife);
        Assert.Contains($"store: SQLite file '{directory["pipeline.db"]}'.", written, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Levels_in_the_configuration_win_over_the_silo_s_own()
    {
        using var directory = new TemporaryDirectory();
        var written = await RunAsync(
            new() { ["Logging__LogLevel__Polly"] = "Information" },
            "--Silo:Database", directory["pipeline.db"], "--Logging:LogLevel:Orleans", "Information");

        Assert.True(HostLog.HasEntry(written, "info", "Orleans.Runtime.Silo"), written);
        Assert.True(HostLog.HasEntry(written, "info", "Polly"), written);
        Assert.False(HostLog.HasEntry(written, "info", "Microsoft.AspNetCore"), written);
    }

    [ClusterFact]
    public async Task A_store_that_is_away_is_logged_and_that_it_is_back()
    {
        await using var host = Start(new() { ["PIPELINE_POSTGRES"] = await database.Server.TakeDatabaseAsync() });
        var address = await host.ReadyAsync();
        using var http = new HttpClient { BaseAddress = address };
        await database.Server.CrashAsync();
        try
        {
            await host.WhenErrorsContainAsync("The store cannot be used for now");
            Assert.False((await http.GetAsync("/health/ready")).IsSuccessStatusCode);
            await host.WhenErrorsContainAsync("The host is not ready for requests. store: ");
        }
        finally
        {
            await database.Server.StartAgainAsync();
        }

        await host.WhenErrorsContainAsync("can be used again.");
    }

    /// <summary>Runs a silo under load, and stops it.</summary>
    /// <returns>What it wrote to standard error.</returns>
    private static async Task<string> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var host = Start(environment, arguments);
        await OrdinaryUse.RunAsync(await host.ReadyAsync(), AccessLogPipeline.Source, Line);
        Assert.Equal(0, await host.TerminateAsync());
        return host.Errors;
    }

    private static HostProcess Start(Dictionary<string, string> environment, params string[] arguments) => HostProcess.Start(
        SiloHost, environment, ["--urls", "http://127.0.0.1:0", "--Silo:SiloPort", Port(), "--Silo:GatewayPort", Port(), .. arguments]);

    private static string Port() => FreePorts.Next(Random.Shared).ToString(CultureInfo.InvariantCulture);
}
