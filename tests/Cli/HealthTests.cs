using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class HealthTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task A_gateway_that_is_ready_is_healthy()
    {
        var gateway = Assert.Single((await RunAsync("health", "--json")).Succeeded().Json.GetProperty("gateways").EnumerateArray());

        Assert.Equal(Server.Address, new Uri(gateway.GetProperty("server").GetString()!));
        Assert.True(gateway.GetProperty("ready").GetBoolean());
        Assert.Equal(
            ["host", "store", "engine"],
            gateway.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task One_gateway_that_does_not_answer_is_told_though_another_is_ready() =>
        (await RunAsync("health", "--timeout", "3s", "--server", Server.Address.ToString(), "--server", "http://127.0.0.1:1")).FailedWith(
            5, "http://127.0.0.1:1");
}
