using System.Diagnostics;
using System.Globalization;
using System.Net;
using AccessLog;
using Npgsql;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>What a silo host does when it is started, asked how it is, and stopped.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class SiloHostTests(DatabaseFixture database)
{
    private const string SiloHost = "AccessLog.SiloHost.dll";
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What a stop may take beyond committing what is in flight.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(10);

    [ClusterFact]
    public async Task SIGTERM_stops_it_within_the_time_that_is_set_also_when_all_others_stop_at_once()
    {
        var connectionString = await database.Server.TakeDatabaseAsync();
        await using var first = Start(SiloHost, connectionString);
        await using var second = Start(SiloHost, connectionString);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());

        var stopping = Stopwatch.StartNew();
        Assert.All(await Task.WhenAll(first.TerminateAsync(), second.TerminateAsync()), exit => Assert.Equal(0, exit));
        Assert.InRange(stopping.Elapsed, TimeSpan.Zero, StopTimeout + LeaveTimeout);
    }

    [ClusterFact]
    public async Task It_is_not_ready_while_it_joins_and_joins_though_the_only_other_silo_died()
    {
        var connectionString = await database.Server.TakeDatabaseAsync();
        await using var dead = Start(SiloHost, connectionString);
        await dead.ReadyAsync();
        await dead.KillAsync();

        var address = new Uri($"http://127.0.0.1:{FreePorts.Next(Random.Shared)}");
        await using var host = Start(SiloHost, connectionString, "--urls", address.ToString());
        await host.WhenErrorsContainAsync("Failed to get ping responses from 1 of 1 active silos");
        Assert.False(await IsReadyAsync(address));

        await host.ReadyAsync();
        Assert.True(await IsReadyAsync(address));
        Assert.Equal(0, await host.TerminateAsync());
    }

    [ClusterFact]
    public async Task It_is_not_ready_while_the_database_is_away_and_ready_again_after()
    {
        await using var host = Start(SiloHost, await database.Server.TakeDatabaseAsync());
        var address = await host.ReadyAsync();
        await database.Server.CrashAsync();
        try
        {
            Assert.False(await IsReadyAsync(address));
        }
        finally
        {
            await database.Server.StartAgainAsync();
        }

        await using var client = new PipelineClient(address);
        await using var producer = client.CreateProducer(AccessLogPipeline.Source);
        await producer.SendAsync("key", "a line that is none");
        Assert.True(await IsReadyAsync(address));
        Assert.Equal(0, await host.TerminateAsync());
    }

    [ClusterFact]
    public async Task With_callers_set_the_API_needs_a_key_and_the_dashboard_the_scope_operate()
    {
        var (reader, operates) = (ApiKey.Create(), ApiKey.Create());
        await using var host = Start(
            SiloHost,
            await database.Server.TakeDatabaseAsync(),
            [.. KeyArguments(0, "reader", reader, "consume"), .. KeyArguments(1, "operator", operates, "operate")]);
        var address = await host.ReadyAsync();

        Assert.True(await IsReadyAsync(address));
        foreach (var (key, topics, dashboard) in new[]
        {
            ((ApiKey?)null, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized),
            (reader, HttpStatusCode.OK, HttpStatusCode.Forbidden),
            (operates, HttpStatusCode.OK, HttpStatusCode.OK),
        })
        {
            using var http = new HttpClient { BaseAddress = address };
            http.DefaultRequestHeaders.Add("X-Api-Key", key is null ? [] : [key.Key]);
            Assert.Equal(topics, (await http.GetAsync("/v1/topics")).StatusCode);
            Assert.Equal(dashboard, (await http.GetAsync("/orleans")).StatusCode);
        }
    }

    [ClusterFact]
    public async Task SIGTERM_stops_it_also_while_the_database_is_away()
    {
        await using var host = Start(SiloHost, await database.Server.TakeDatabaseAsync());
        await host.ReadyAsync();
        await database.Server.CrashAsync();
        try
        {
            Assert.Equal(0, await host.TerminateAsync());
        }
        finally
        {
            await database.Server.StartAgainAsync();
        }
    }

    [ClusterFact]
    public async Task Nothing_that_it_logs_has_the_password_in_it_at_any_level()
    {
        using var files = new TemporaryDirectory();
        await using var host = Start(
            "Orleans.Pipeline.SiloCrashHost.dll",
            await database.Server.TakeDatabaseAsync(),
            "--files",
            files["files"],
            "--Logging:LogLevel:Default",
            "Trace");
        await host.ReadyAsync();
        await database.Server.CrashAsync();
        try
        {
            await host.WhenErrorsContainAsync("Connection refused");
        }
        finally
        {
            await database.Server.StartAgainAsync();
        }

        await host.TerminateAsync();
        Assert.DoesNotContain(PostgresServer.Password, host.Output + host.Errors, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Told_to_migrate_only_it_prepares_the_database_says_so_and_ends_without_listening()
    {
        var connectionString = await database.Server.TakeDatabaseAsync();
        await using (var host = Start(SiloHost, connectionString, "--urls", "http://192.0.2.1:80", "--Silo:MigrateOnly", "true"))
        {
            Assert.Equal((0, ""), (await host.ExitAsync(), host.Output));
            Assert.Matches(@"The store's schema is at version \d+\. It was at version 0,", host.Errors);
            Assert.Contains("The tables of the cluster's membership were created.", host.Errors, StringComparison.Ordinal);
        }

        await using (var again = Start(SiloHost, connectionString, "--Silo:MigrateOnly", "true"))
        {
            Assert.Equal(0, await again.ExitAsync());
            Assert.Matches(@"The store's schema is at version (\d+)\. It was at version \1,", again.Errors);
            Assert.Contains("The tables of the cluster's membership were left as they were.", again.Errors, StringComparison.Ordinal);
        }

        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var members = source.CreateCommand("SELECT count(*) FROM orleans.orleansmember");
        Assert.Equal(0L, await members.ExecuteScalarAsync());
    }

    [ClusterFact]
    public async Task Told_to_migrate_only_what_it_cannot_it_fails_and_says_why()
    {
        var connectionString = await database.Server.TakeDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(connectionString))
        await using (var theirs = source.CreateCommand("CREATE SCHEMA pipeline; CREATE TABLE pipeline.theirs (id integer)"))
        {
            await theirs.ExecuteNonQueryAsync();
        }

        await using var host = Start(SiloHost, connectionString, "--Silo:MigrateOnly", "true");

        await AssertRefusedAsync(host, "of another program");
    }

    [ClusterTheory]
    [InlineData("Silo:SiloPort", "eleven")]
    [InlineData("Silo:SiloPrt", "11111")]
    [InlineData("Silo:StopTimeout", "5")]
    public async Task A_setting_that_is_not_possible_is_refused_by_its_key(string key, string value)
    {
        await using var host = HostProcess.Start(SiloHost, $"--{key}", value);

        await AssertRefusedAsync(host, key);
    }

    [ClusterFact]
    public async Task A_database_that_cannot_be_reached_is_named_without_the_password()
    {
        var unreachable = new NpgsqlConnectionStringBuilder(await database.Server.TakeDatabaseAsync()) { Port = 1 };
        await using var host = Start(SiloHost, unreachable.ConnectionString);

        await AssertRefusedAsync(host, "127.0.0.1:1");
    }

    [ClusterFact]
    public async Task A_malformed_connection_string_is_not_repeated()
    {
        await using var host = Start(SiloHost, $"Host=127.0.0.1;Pasword={PostgresServer.Password}");

        await AssertRefusedAsync(host, "Silo:Postgres");
    }

    private static IEnumerable<string> KeyArguments(int index, string name, ApiKey key, string scope)
    {
        var prefix = $"--Gateway:Authentication:ApiKeys:{index}";
        return [$"{prefix}:Name", name, $"{prefix}:Hash", key.Hash, $"{prefix}:Scopes:0", scope];
    }

    private static HostProcess Start(string assembly, string connectionString, params string[] arguments)
    {
        string[] ports = ["--Silo:SiloPort", Port(), "--Silo:GatewayPort", Port(), "--Silo:StopTimeout", StopTimeout.ToString(
            "c",
            CultureInfo.InvariantCulture)];
        string[] urls = arguments.Contains("--urls") ? [] : ["--urls", "http://127.0.0.1:0"];
        return HostProcess.Start(
            assembly, new Dictionary<string, string> { ["PIPELINE_POSTGRES"] = connectionString }, [.. ports, .. urls, .. arguments]);
    }

    private static string Port() => FreePorts.Next(Random.Shared).ToString(CultureInfo.InvariantCulture);

    /// <summary>Asks once. One that does not listen yet is not ready.</summary>
    private static async Task<bool> IsReadyAsync(Uri address)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "health/ready"));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return false;
        }
    }

    private static async Task AssertRefusedAsync(HostProcess host, string fault)
    {
        Assert.Equal(1, await host.ExitAsync());
        Assert.Equal("", host.Output);
        var line = Assert.Single(host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("The silo cannot start. ", line, StringComparison.Ordinal);
        Assert.Contains(fault, line, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, line, StringComparison.Ordinal);
    }
}
