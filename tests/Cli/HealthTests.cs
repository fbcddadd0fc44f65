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
    public async Task Each_gateway_has_a_line_and_one_that_does_not_answer_hides_none()
    {
        var health = await RunAsync(
            "health", "--timeout", "3s", "--server", "http://127.0.0.1:1", "--server", Server.Address.ToString(), "--server", "http://127.0.0.1:2");

        Assert.Equal((5, ""), (health.ExitCode, health.Errors));
        Assert.Equal(
            ["http://127.0.0.1:1 is not ready", $"{Server.Address.GetLeftPart(UriPartial.Authority)} is ready", "http://127.0.0.1:2 is not ready"],
            health.Lines.Where(line => line.StartsWith("http", StringComparison.Ordinal)).Select(line => line.Split(": ")[0]));
        Assert.Contains("  store: Healthy", health.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateways_that_answer_and_those_that_do_not_are_in_one_document()
    {
        var health = await RunAsync(
            "health", "--json", "--timeout", "3s", "--server", "http://127.0.0.1:1", "--server", Server.Address.ToString());

        Assert.Equal(5, health.ExitCode);
        var gateways = health.Json.GetProperty("gateways");
        Assert.Equal((false, true), (gateways[0].GetProperty("ready").GetBoolean(), gateways[1].GetProperty("ready").GetBoolean()));
        Assert.Contains("127.0.0.1:1", gateways[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, gateways[0].GetProperty("checks").GetArrayLength());
        Assert.False(gateways[1].TryGetProperty("error", out _));
    }

    [Fact]
    public async Task One_gateway_that_does_not_answer_is_not_ready() => Assert.Equal(
        5, (await RunAsync("health", "--timeout", "3s", "--server", "http://127.0.0.1:1")).ExitCode);
}
