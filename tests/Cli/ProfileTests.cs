using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class ProfileTests(ServerFixture server) : ToolTest(server), IDisposable
{
    private const string Key = "plk_this-must-never-be-seen";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_first_profile_is_used_when_nothing_else_is_said()
    {
        (await RunBareAsync("profile", "add", "here", "--server", Server.Address.ToString(), "--timeout", "5s")).Succeeded();
        (await RunBareAsync("profile", "add", "there", "--server", "http://127.0.0.1:1")).Succeeded();

        (await RunBareAsync("topic", "list")).Succeeded();
        (await RunBareAsync("topic", "list", "--profile", "there")).FailedWith(5, "http://127.0.0.1:1");
        var shown = (await RunBareAsync("profile", "show", "--json")).Succeeded().Json;
        Assert.Equal(("profile here", "5s"), (shown.GetProperty("source").GetString(), shown.GetProperty("timeout").GetString()));
    }

    [Fact]
    public async Task A_profile_is_chosen_listed_and_removed()
    {
        (await RunBareAsync("profile", "add", "a", "--server", "a:1", "--server", "b:2")).Succeeded();
        (await RunBareAsync("profile", "add", "b", "--server", "https://b:1")).Succeeded();
        (await RunBareAsync("profile", "use", "b")).Succeeded();
        (await RunBareAsync("profile", "remove", "a")).Succeeded();

        var list = (await RunBareAsync("profile", "list", "--json")).Succeeded().Json.GetProperty("profiles");
        Assert.Equal(("b", true, "https://b:1/"), (
            list[0].GetProperty("name").GetString(),
            list[0].GetProperty("inUse").GetBoolean(),
            list[0].GetProperty("servers")[0].GetString()));
        Assert.Equal(1, list.GetArrayLength());
        (await RunBareAsync("profile", "use", "bb")).FailedWith(2, "Did you mean 'b'?");
    }

    [Fact]
    public async Task The_file_is_its_owners_alone_and_holds_where_the_key_is_not_the_key()
    {
        var keyFile = _directory["key"];
        await File.WriteAllTextAsync(keyFile, Key + "\n");
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await RunBareAsync("profile", "add", "here", "--server", Server.Address.ToString(), "--api-key-file", keyFile)).Succeeded();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigurationPath));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(ConfigurationPath)!));
        foreach (var result in new[]
        {
            await RunBareAsync("profile", "show"), await RunBareAsync("profile", "list", "--json"), await RunBareAsync("topic", "list"),
        })
        {
            Assert.DoesNotContain(Key, result.Output + result.Errors, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Key, await File.ReadAllTextAsync(ConfigurationPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_others_may_read_is_refused()
    {
        var keyFile = _directory["open"];
        await File.WriteAllTextAsync(keyFile, Key);
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = (await RunBareAsync(("PIPELINE_API_KEY_FILE", keyFile), "topic", "list", "--server", Server.Address.ToString()))
            .FailedWith(2, $"chmod 600 {keyFile}");

        Assert.DoesNotContain(Key, refused.Errors, StringComparison.Ordinal);
        (await RunBareAsync(("PIPELINE_API_KEY_FILE", _directory["none"]), "topic", "list", "--server", "a")).FailedWith(
            2, "cannot be read");
    }

    [Fact]
    public async Task A_key_written_into_the_file_of_profiles_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigurationPath)!);
        await File.WriteAllTextAsync(ConfigurationPath, $$"""{"profiles":{"a":{"servers":["a"],"apiKey":"{{Key}}"} } }""");

        var refused = (await RunBareAsync("topic", "list")).FailedWith(2, "A profile holds no secrets");

        Assert.DoesNotContain(Key, refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profiles_credentials_do_not_go_to_another_server_unless_both_are_named()
    {
        (await RunBareAsync("profile", "add", "here", "--server", "a:1", "--api-key-variable", "SOME_KEY")).Succeeded();

        var other = (await RunBareAsync("profile", "show", "--server", "b:2", "--json")).Succeeded().Json;
        var both = (await RunBareAsync("profile", "show", "--server", "b:2", "--profile", "here", "--json")).Succeeded().Json;
        var environment = (await RunBareAsync(("PIPELINE_API_KEY", Key), "profile", "show", "--json")).Succeeded();
        var named = (await RunBareAsync(("PIPELINE_API_KEY", Key), "profile", "show", "--profile", "here", "--json")).Succeeded().Json;

        Assert.Null(other.GetProperty("credentials").GetString());
        Assert.Equal(
            ("API key in variable SOME_KEY", "http://b:2/"),
            (both.GetProperty("credentials").GetString(), both.GetProperty("servers")[0].GetString()));
        Assert.Equal("API key in variable PIPELINE_API_KEY", environment.Json.GetProperty("credentials").GetString());
        Assert.Equal("API key in variable SOME_KEY", named.GetProperty("credentials").GetString());
        Assert.DoesNotContain(Key, environment.Output, StringComparison.Ordinal);
    }

    private string ConfigurationPath => _directory[Path.Combine("configuration", "pipeline", "config.json")];

    /// <summary>Runs the tool with nothing but a directory for its configuration.</summary>
    private Task<ToolResult> RunBareAsync(params string[] arguments) => RunBareAsync(("NO_COLOR", "1"), arguments);

    private async Task<ToolResult> RunBareAsync((string Name, string Value) variable, params string[] arguments)
    {
        using var tool = Tool.Start(
            new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = _directory["configuration"], [variable.Name] = variable.Value },
            arguments);
        return await tool.ExitAsync();
    }
}
