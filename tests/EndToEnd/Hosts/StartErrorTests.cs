using Microsoft.Data.Sqlite;
using Orleans.Pipeline.Crashes.Tests;

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

    public void Dispose() => _directory.Dispose();

    private static async Task AssertOneLineAsync(HostProcess host, string fault)
    {
        Assert.Equal(1, await host.ExitAsync());
        Assert.Equal("", host.Output);
        var line = Assert.Single(host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("The host cannot start. ", line, StringComparison.Ordinal);
        Assert.Contains(fault, line, StringComparison.Ordinal);
    }

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
