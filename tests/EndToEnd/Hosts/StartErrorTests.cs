using Microsoft.Data.Sqlite;

namespace Orleans.Pipeline.EndToEnd.Tests.Hosts;

public sealed class StartErrorTests : IDisposable
{
    private const string AccessLogHost = "AccessLog.EmbeddedHost.dll";
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory["access-log.db"];

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_was()
    {
        await File.WriteAllTextAsync(Database, string.Concat(Enumerable.Repeat("These are the notes of somebody else.\n", 1000)));

        await AssertRefusedAsync("is not a SQLite database");
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_was()
    {
        Execute("CREATE TABLE notes (text TEXT)");

        await AssertRefusedAsync("another program");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_was()
    {
        await CreateDatabaseAsync();
        Execute("PRAGMA user_version = 1000");

        await AssertRefusedAsync("newer version");
    }

    [UnprivilegedFact]
    public async Task A_database_that_cannot_be_written_is_refused_and_left_as_it_was()
    {
        await CreateDatabaseAsync();
        File.SetUnixFileMode(Database, UnixFileMode.UserRead);

        await AssertRefusedAsync("cannot be written");
    }

    [Fact]
    public async Task A_database_that_another_process_has_open_is_refused_and_that_process_goes_on()
    {
        await using var first = HostProcess.Start(AccessLogHost, "--database", Database, "--urls", AnyPort);
        var address = await first.ReadyAsync();

        await using var second = HostProcess.Start(AccessLogHost, "--database", Database, "--urls", AnyPort);
        await AssertOneLineAsync(second, $"'{Database}' is open in");

        using var http = new HttpClient { BaseAddress = address };
        Assert.True((await http.GetAsync("/health/ready")).IsSuccessStatusCode);
        Assert.Equal(0, await first.TerminateAsync());
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_refused()
    {
        await using var host = HostProcess.Start(AccessLogHost, "--database", _directory["missing/access-log.db"], "--urls", AnyPort);

        await AssertOneLineAsync(host, "missing");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_refused()
    {
        await using var first = HostProcess.Start(AccessLogHost, "--database", Database, "--urls", AnyPort);
        var address = await first.ReadyAsync();
        await using var second = HostProcess.Start(AccessLogHost, "--database", _directory["other.db"], "--urls", address.ToString());

        await AssertOneLineAsync(second, "address already in use");
    }

    [Theory]
    [InlineData("--profile", "quick", "no profile 'quick'")]
    [InlineData("--urls", "http://127.0.0.1:99999", "port")]
    public async Task A_setting_that_is_not_possible_is_refused(string name, string value, string fault)
    {
        await using var host = HostProcess.Start(AccessLogHost, "--database", Database, name, value);

        await AssertOneLineAsync(host, fault);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    public async Task An_address_that_others_reach_is_refused_without_authentication_however_it_is_set(string address)
    {
        await using var byArgument = HostProcess.Start(AccessLogHost, "--database", Database, "--urls", address);
        await using var byVariable = HostProcess.Start(
            AccessLogHost, new Dictionary<string, string> { ["ASPNETCORE_URLS"] = address }, "--database", _directory["other.db"]);

        await AssertOneLineAsync(byArgument, "set Gateway:Authentication:Anonymous to true");
        await AssertOneLineAsync(byVariable, "Set callers in Gateway:Authentication");
    }

    [Fact]
    public async Task An_address_that_others_reach_is_listened_on_if_the_gateway_is_said_to_be_open()
    {
        await using var host = HostProcess.Start(
            AccessLogHost,
            new Dictionary<string, string> { ["Gateway__Authentication__Anonymous"] = "true" },
            "--database",
            Database,
            "--urls",
            "http://0.0.0.0:0");
        var address = await host.ReadyAsync();

        using var http = new HttpClient { BaseAddress = new UriBuilder(address) { Host = "127.0.0.1" }.Uri };
        Assert.True((await http.GetAsync("/v1/topics")).IsSuccessStatusCode);
        Assert.Equal(0, await host.TerminateAsync());
    }

    [Fact]
    public async Task A_setting_of_the_gateway_that_is_not_possible_is_refused()
    {
        await using var host = HostProcess.Start(
            AccessLogHost, "--database", Database, "--urls", AnyPort, "--Gateway:Authentication:ApiKeys:0:Name", "till");

        await AssertOneLineAsync(host, "Gateway:Authentication:ApiKeys:0:Hash is no hash of a key.");
    }

    public void Dispose() => _directory.Dispose();

    private static async Task AssertOneLineAsync(HostProcess host, string fault)
    {
        Assert.Equal(1, await host.ExitAsync());
        Assert.Equal("", host.Output);
        var line = Assert.Single(host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipWhile(IsOfStart));
        Assert.StartsWith("The host cannot start. ", line, StringComparison.Ordinal);
        Assert.Contains(fault, line, StringComparison.Ordinal);
    }

    /// <summary>Whether a line is of the entry that says which engine starts; a server that cannot listen is found after that.</summary>
    private static bool IsOfStart(string line) =>
        line == HostLog.EngineStarts || line.StartsWith("      The embedded engine ", StringComparison.Ordinal);

    private async Task AssertRefusedAsync(string fault)
    {
        var before = await File.ReadAllBytesAsync(Database);
        await using var host = HostProcess.Start(AccessLogHost, "--database", Database, "--urls", AnyPort);

        await AssertOneLineAsync(host, fault);
        Assert.Contains(Database, host.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database));
    }

    private async Task CreateDatabaseAsync()
    {
        await using var host = HostProcess.Start(AccessLogHost, "--database", Database, "--urls", AnyPort);
        await host.ReadyAsync();
        Assert.Equal(0, await host.TerminateAsync());
    }

    private void Execute(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
