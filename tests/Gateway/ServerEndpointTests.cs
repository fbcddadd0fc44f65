namespace Orleans.Pipeline.Gateway.Tests;

public sealed class ServerEndpointTests : AccessTest
{
    private ApiKey _key = null!;

    private protected override void Configure()
    {
        _key = AddKey(0, "till", "consume produce", topics: "orders* audit");
        Configuration.Set("Gateway:Limits:ReadBytes", "12345");
        Configuration.Set("Gateway:Limits:Wait", "00:00:07");
    }

    [Fact]
    public async Task It_tells_what_it_is_what_it_takes_and_who_asks()
    {
        var before = DateTimeOffset.UtcNow;
        var server = await JsonAsync(await SendAsync(HttpMethod.Get, "/v1/server", _key));

        Assert.Equal("Orleans.Pipeline", (string?)server["product"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string?)server["version"]);
        Assert.InRange((DateTimeOffset)server["time"]!, before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal("SQLite", (string?)server["store"]);
        Assert.True((int)server["schema"]! >= 2);
        Assert.True((bool)server["authentication"]!);
        Assert.Equal("""{"requestBytes":16777216,"recordBytes":1048576,"batchBytes":8388608,"readBytes":12345,"waitMs":7000}""", server["limits"]!.ToJsonString());
        Assert.Equal("""{"name":"till","scopes":["produce","consume"],"topics":["orders*","audit"],"pipelines":["*"]}""", server["caller"]!.ToJsonString());
    }

    [Fact]
    public async Task Where_nobody_is_asked_the_caller_may_do_everything()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var server = await JsonAsync(await gateway.Http.GetAsync("/v1/server"));

        Assert.False((bool)server["authentication"]!);
        Assert.Equal("""{"name":"anonymous","scopes":["produce","consume","operate"],"topics":["*"],"pipelines":["*"]}""", server["caller"]!.ToJsonString());
    }
}
