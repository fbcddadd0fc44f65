using System.Net;

namespace Orleans.Pipeline.Gateway.Tests.Limits;

public sealed class RequestLimitTests : GatewayTest
{
    private const string WaitingRead = "/v1/topics/orders/partitions/0/records?offset=0&waitMs=30000";
    private const string ReadPath = "/v1/topics/orders/partitions/0/records";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ApiKey _till = ApiKey.Create();
    private readonly ApiKey _reader = ApiKey.Create();

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(settings =>
    {
        settings.Limits.RequestsInFlight = 1;
        settings.Limits.WaitsInFlight = 2;
    });

    [Fact]
    public async Task A_request_over_the_places_is_told_when_to_come_again_and_nothing_is_done()
    {
        using var held = await HeldAppend.StartAsync(Gateway, Batch("held"));

        using var refused = await AppendAsync(Batch("refused"));

        await AssertProblemAsync(refused, 503, "overloaded");
        Assert.Equal("1", refused.Headers.RetryAfter!.ToString());
        Assert.Equal("1000", Assert.Single(refused.Headers.GetValues("retry-after-ms")));
        Assert.StartsWith("HTTP/1.1 200", await held.FinishAsync());
        await JsonAsync(await AppendAsync(Batch("next")));
        Assert.Equal(2, await EndAsync());
    }

    [Fact]
    public async Task Requests_that_wait_take_no_places_from_appends_nor_appends_from_them()
    {
        var waiting = new[] { Http.GetAsync(WaitingRead), Http.GetAsync(WaitingRead) };
        await Gateway.ArrivalAsync(ReadPath).WaitAsync(Patience);
        await Gateway.ArrivalAsync(ReadPath).WaitAsync(Patience);

        await AssertProblemAsync(await Http.GetAsync(WaitingRead), 503, "overloaded");
        await JsonAsync(await AppendAsync(Batch("a")));

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await JsonAsync(await Http.GetAsync(WaitingRead));
    }

    [Fact]
    public async Task A_caller_over_its_rate_is_refused_and_no_other()
    {
        await using var gateway = await GatewayHost.StartAsync(settings =>
        {
            settings.Limits.RequestsPerSecond = 1;
            settings.Limits.RequestBurst = 3;
            settings.Authentication.ApiKeys.Add(new ApiKeySettings { Name = "till", Hash = _till.Hash, Scopes = ["produce"] });
            settings.Authentication.ApiKeys.Add(new ApiKeySettings { Name = "reader", Hash = _reader.Hash, Scopes = ["consume"] });
        });

        for (var request = 0; request < 3; request++)
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(gateway, _till)).StatusCode);
        }

        using var refused = await RefusedAsync(gateway, _till);
        var problem = await AssertProblemAsync(refused, 429, "rate-limited");
        Assert.InRange((long)problem["retryAfterMs"]!, 1, 1000);
        Assert.Equal("1", refused.Headers.RetryAfter!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(gateway, _reader)).StatusCode);
    }

    private static Task<HttpResponseMessage> GetAsync(GatewayHost gateway, ApiKey key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/topics");
        request.Headers.Add("X-Api-Key", key.Key);
        return gateway.Http.SendAsync(request);
    }

    /// <summary>Asks until it is refused: the bucket may have filled by one while the machine was busy.</summary>
    private static async Task<HttpResponseMessage> RefusedAsync(GatewayHost gateway, ApiKey key)
    {
        while (true)
        {
            var answer = await GetAsync(gateway, key);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return answer;
            }
        }
    }
}
