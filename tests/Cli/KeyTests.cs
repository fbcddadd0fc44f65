using System.Text.Json;
using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class KeyTests(ServerFixture server) : ToolTest(server), IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_key_is_shown_once_with_the_configuration_that_knows_it_by_its_hash()
    {
        var created = (await RunAsync("key", "create", "till", "--scope", "produce", "--topic", "orders*")).Succeeded();

        var key = created.Lines[0];
        var settings = JsonDocument.Parse(created.Output[(key.Length + 1)..])
            .RootElement.GetProperty("Gateway")
            .GetProperty("Authentication")
            .GetProperty("ApiKeys")[0];
        Assert.StartsWith(ApiKey.Prefix, key, StringComparison.Ordinal);
        Assert.Equal(
            ("till", ApiKey.HashOf(key), "produce", "orders*", "*"),
            (settings.GetProperty("Name").GetString(), settings.GetProperty("Hash").GetString(), settings.GetProperty("Scopes")[0].GetString(), settings.GetProperty("Topics")[0].GetString(), settings.GetProperty("Pipelines")[0].GetString()));
        Assert.DoesNotContain(key, created.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_a_file_opens_a_server_that_asks_for_one_and_is_never_shown()
    {
        var (operatorKey, producerKey) = (_directory["operator.key"], _directory["producer.key"]);
        var operatorSettings = await CreateAsync("operator", operatorKey);
        var producerSettings = await CreateAsync("producer", producerKey, "--scope", "produce", "--topic", "orders*");
        await using var host = HostProcess.Start(
            "AccessLog.EmbeddedHost.dll",
            ["--database", _directory["host.db"], "--urls", "http://127.0.0.1:0", .. Arguments(0, operatorSettings), .. Arguments(1, producerSettings)]);
        var address = (await host.ReadyAsync()).ToString();

        ToolResult[] results =
        [
            (await RunAgainstAsync(address, null, "topic", "list")).FailedWith(4, "no credentials"),
            (await RunAgainstAsync(address, producerKey, "topic", "create", "orders")).FailedWith(4, "may produce"),
            (await RunAgainstAsync(address, operatorKey, "topic", "create", "orders")).Succeeded(),
            (await RunAgainstAsync(address, operatorKey, "topic", "create", "secrets")).Succeeded(),
            (await RunAgainstAsync(address, producerKey, "produce", "orders")).Succeeded(),
            (await RunAgainstAsync(address, producerKey, "produce", "secrets")).FailedWith(4, "no access to topic 'secrets'"),
            (await RunAgainstAsync(address, operatorKey, "topic", "read", "orders", "-e", "-q")).Succeeded(),
            await RunAgainstAsync(address, null, "doctor"),
            await RunAgainstAsync(address, operatorKey, "doctor"),
        ];

        Assert.Equal("a record\n", results[6].Output);
        Assert.Equal(6, results[7].ExitCode);
        Assert.Contains("Set PIPELINE_API_KEY", results[7].Output, StringComparison.Ordinal);
        foreach (var secret in new[] { await File.ReadAllTextAsync(operatorKey), await File.ReadAllTextAsync(producerKey) })
        {
            Assert.All(results, result => Assert.DoesNotContain(secret.Trim(), result.Output + result.Errors, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_file_that_exists_is_not_written_over_and_a_scope_must_exist()
    {
        await File.WriteAllTextAsync(_directory["key"], "mine");

        (await RunAsync("key", "create", "a", "--key-file", _directory["key"])).FailedWith(2, "already exists");
        (await RunAsync("key", "create", "a", "--scope", "admin")).FailedWith(2, "'admin'");

        Assert.Equal("mine", await File.ReadAllTextAsync(_directory["key"]));
    }

    private static IEnumerable<string> Arguments(int index, JsonElement settings)
    {
        var prefix = $"--Gateway:Authentication:ApiKeys:{index}";
        string[] single =
            [$"{prefix}:Name={settings.GetProperty("Name").GetString()}", $"{prefix}:Hash={settings.GetProperty("Hash").GetString()}"];
        return single.Concat(new[] { "Scopes", "Topics", "Pipelines" }.SelectMany(
            list => settings.GetProperty(list).EnumerateArray().Select((value, place) => $"{prefix}:{list}:{place}={value.GetString()}")));
    }

    private async Task<JsonElement> CreateAsync(string name, string path, params string[] options)
    {
        var created = (await RunAsync(["key", "create", name, "--key-file", path, "--json", .. options])).Succeeded().Json;
        Assert.False(created.TryGetProperty("key", out _));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        return created.GetProperty("configuration");
    }

    private static async Task<ToolResult> RunAgainstAsync(string address, string? keyFile, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["PIPELINE_SERVER"] = address,
            ["PIPELINE_CONFIG"] = Path.Combine(
            Path.GetTempPath(),
            "none.json")
        };
        if (keyFile is not null)
        {
            environment["PIPELINE_API_KEY_FILE"] = keyFile;
        }

        using var tool = Tool.Start(environment, arguments);
        return await tool.ExitAsync(arguments[0] == "produce" ? "a record\n" : "");
    }
}
