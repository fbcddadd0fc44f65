using Orleans.Pipeline.Cli.Tests.Processes;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Cli.Tests;

/// <summary>A host whose database has checkpoints of a pipeline that the host does not define any more.</summary>
public sealed class ForgetTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private HostProcess _host = null!;
    private Dictionary<string, string> _environment = [];

    public async Task InitializeAsync()
    {
        var path = _directory["host.db"];
        await using (var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = path }))
        {
            await store.CreateTopicAsync("orders", new TopicSettings { Partitions = 1, RetentionAge = null });
            await store.TakeOverAsync(new("refunds", "check", 0), new("orders", 0), startOffset: 0);
            var builder = new RecordBatchBuilder();
            builder.Append(default, "one"u8, timestamp: 0);
            builder.Append(default, "two"u8, timestamp: 0);
            await store.AppendAsync(new("orders", 0), builder.Build());
        }

        _host = HostProcess.Start("AccessLog.EmbeddedHost.dll", "--database", path, "--urls", "http://127.0.0.1:0");
        _environment = new()
        {
            ["PIPELINE_SERVER"] = (await _host.ReadyAsync()).ToString(),
            ["PIPELINE_CONFIG"] = _directory["no-profiles.json"],
        };
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_pipeline_that_no_host_defines_is_named_by_every_command_until_it_is_forgotten()
    {
        Assert.Contains("refunds      check  orders             2", (await RunAsync("list")).Succeeded().Output, StringComparison.Ordinal);
        var listed = (await RunAsync("list", "--json")).Succeeded().Json.GetProperty("undefined")[0];
        Assert.Equal(("refunds", 2), (listed.GetProperty("pipeline").GetString(), listed.GetProperty("records").GetInt64()));
        Assert.Contains("not defined", (await RunAsync("lag")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(
            "check", (await RunAsync("lag", "refunds", "--json")).Succeeded().Json.GetProperty("undefined")[0].GetProperty("stage").GetString());
        var doctor = (await RunAsync("doctor")).Succeeded().Output;
        Assert.Contains("no host defines its stage 'check' on topic 'orders'", doctor.ReplaceLineEndings(" "), StringComparison.Ordinal);
        (await RunAsync("topic", "delete", "orders", "--yes")).FailedWith(1, "pipeline forget refunds");

        (await RunAsync("forget", "refunds")).FailedWith(2, "2 records that it has not processed may be removed");
        var forgotten = (await RunAsync("forget", "refunds", "--stage", "check", "--yes", "--json")).Succeeded().Json;

        Assert.Equal("orders", forgotten.GetProperty("forgotten")[0].GetProperty("topic").GetString());
        Assert.False((await RunAsync("list", "--json")).Succeeded().Json.TryGetProperty("undefined", out _));
        (await RunAsync("topic", "delete", "orders", "--yes")).Succeeded();
    }

    [Fact]
    public async Task A_pipeline_that_is_defined_or_unknown_is_not_forgotten()
    {
        (await RunAsync("pipeline", "forget", "traffic", "--yes")).FailedWith(1, "a host that runs defines it");
        (await RunAsync("pipeline", "forget", "nothing", "--yes")).FailedWith(3, "does not exist");
        (await RunAsync("topic", "delete", "traffic.dead-letters", "--yes")).FailedWith(1, "is used by pipeline 'traffic'");
    }

    private async Task<ToolResult> RunAsync(params string[] arguments)
    {
        using var tool = Tool.Start(_environment, arguments);
        return await tool.ExitAsync();
    }
}
