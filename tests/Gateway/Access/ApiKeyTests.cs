using System.Net;
using System.Net.Http.Headers;

namespace Orleans.Pipeline.Gateway.Tests.Access;

public sealed class ApiKeyTests : AccessTest
{
    private ApiKey _till = null!;
    private ApiKey _reader = null!;
    private ApiKey _operator = null!;

    public static TheoryData<string, string, string> Requests => new()
    {
        { "GET", "/v1/topics", "produce consume operate" },
        { "GET", "/v1/topics/orders", "produce consume operate" },
        { "PUT", "/v1/topics/orders", "operate" },
        { "PATCH", "/v1/topics/orders", "operate" },
        { "DELETE", "/v1/topics/orders", "operate" },
        { "POST", "/v1/producers", "produce" },
        { "POST", "/v1/topics/orders/records", "produce" },
        { "POST", "/v1/topics/orders/partitions/0/batches", "produce" },
        { "GET", "/v1/topics/orders/partitions/0/records?offset=0", "consume" },
        { "POST", "/v1/topics/orders/reads", "consume" },
        { "GET", "/v1/topics/orders/partitions/0/offsets?time=2026-01-01T00:00:00Z", "consume" },
        { "GET", "/v1/pipelines", "consume operate" },
        { "GET", "/v1/pipelines/orders", "consume operate" },
        { "POST", "/v1/pipelines/orders/pause", "operate" },
        { "POST", "/v1/pipelines/orders/resume", "operate" },
        { "POST", "/v1/pipelines/orders/drain", "operate" },
        { "POST", "/v1/pipelines/orders/seek", "operate" },
        { "GET", "/v1/pipelines/orders/dead-letters", "operate" },
        { "GET", "/v1/pipelines/orders/dead-letters/errors", "operate" },
        { "GET", "/v1/pipelines/orders/dead-letters/0/0", "operate" },
        { "POST", "/v1/pipelines/orders/dead-letters/replay", "operate" },
        { "POST", "/v1/pipelines/orders/dead-letters/discard", "operate" },
    };

    private protected override void Configure()
    {
        _till = AddKey(0, "till", "produce", topics: "orders payments.*", pipelines: "orders");
        _reader = AddKey(1, "reader", "consume", topics: "orders", pipelines: "*");
        _operator = AddKey(2, "operator", "operate");
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_needs_a_key_and_one_of_the_scopes_of_its_endpoint(string method, string path, string scopes)
    {
        await AssertProblemAsync(await SendAsync(new(method), path, key: (ApiKey?)null), 401, "unauthenticated");
        foreach (var (key, name, scope) in new[] { (_till, "till", "produce"), (_reader, "reader", "consume"), (_operator, "operator", "operate") })
        {
            using var response = await SendAsync(new(method), path, key);
            if (scopes.Split(' ').Contains(scope))
            {
                Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
                Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
            }
            else
            {
                var problem = await AssertProblemAsync(response, 403, "forbidden");
                Assert.Equal($"'{name}' may {scope}; this needs {scopes.Replace(" ", " or ")}.", (string?)problem["detail"]);
            }
        }
    }

    [Fact]
    public async Task A_key_reaches_only_the_topics_that_its_patterns_match()
    {
        await Gateway.Store.CreateTopicAsync("payments.eu", new());
        await Gateway.Store.CreateTopicAsync("paymentsxeu", new());

        using var matched = await SendAsync(HttpMethod.Post, "/v1/topics/payments.eu/records", _till, Content("1", NdjsonType));
        using var unmatched = await SendAsync(
            HttpMethod.Post, "/v1/topics/paymentsxeu/records?partition=0", _till, Content("1", NdjsonType));

        await JsonAsync(matched);
        var problem = await AssertProblemAsync(unmatched, 403, "forbidden");
        Assert.Equal("'till' has no access to topic 'paymentsxeu'; its topics are orders, payments.*.", (string?)problem["detail"]);
        Assert.Equal(0, (await Gateway.Store.GetBoundsAsync(new("paymentsxeu", 0))).End);
    }

    [Fact]
    public async Task A_list_of_topics_has_those_of_the_caller()
    {
        await Gateway.Store.CreateTopicAsync("payments.eu", new());
        await Gateway.Store.CreateTopicAsync("audit", new());

        Assert.Equal(["orders", "payments.eu"], await TopicsOfAsync(_till));
        Assert.Equal(["orders"], await TopicsOfAsync(_reader));
        Assert.Equal(["audit", "orders", "payments.eu"], await TopicsOfAsync(_operator));
    }

    [Theory]
    [InlineData("plk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("é")]
    [InlineData("sha256:")]
    public async Task A_key_that_is_not_known_is_refused_with_the_way_to_give_one(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/topics");
        request.Headers.TryAddWithoutValidation("X-Api-Key", Uri.EscapeDataString(key));
        using var response = await Http.SendAsync(request);

        await AssertProblemAsync(response, 401, "unauthenticated");
        Assert.Equal("ApiKey realm=\"Orleans.Pipeline\", header=\"X-Api-Key\"", Assert.Single(response.Headers.WwwAuthenticate).ToString());
    }

    [Fact]
    public async Task A_key_may_come_as_a_bearer_token()
    {
        foreach (var (key, status) in new[] { (_till, HttpStatusCode.OK), (ApiKey.Create(), HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/producers");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Key);
            Assert.Equal(status, (await Http.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task The_hash_of_a_key_is_not_a_key() =>
        await AssertProblemAsync(await SendAsync(HttpMethod.Get, "/v1/topics", _till.Hash), 401, "unauthenticated");

    [Fact]
    public async Task Two_keys_in_one_request_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/topics");
        request.Headers.TryAddWithoutValidation("X-Api-Key", [_till.Key, _reader.Key]);

        await AssertProblemAsync(await Http.SendAsync(request), 401, "unauthenticated");
    }

    [Fact]
    public async Task A_path_and_a_method_that_are_not_there_are_answered_as_without_keys()
    {
        await AssertProblemAsync(await SendAsync(HttpMethod.Get, "/v1/nothing", key: (ApiKey?)null), 404, "not-found");
        await AssertProblemAsync(await SendAsync(HttpMethod.Patch, "/v1/topics", key: (ApiKey?)null), 405, "method-not-allowed");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task Health_and_the_description_are_open(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Keys_are_rotated_while_the_host_runs()
    {
        var next = AddKey(3, "till-2", "produce");
        Configuration.Reload();
        await JsonAsync(await SendAsync(HttpMethod.Post, "/v1/producers", next));
        await JsonAsync(await SendAsync(HttpMethod.Post, "/v1/producers", _till));

        var last = AddKey(0, "till", "produce");
        Configuration.Reload();
        await JsonAsync(await SendAsync(HttpMethod.Post, "/v1/producers", last));
        await AssertProblemAsync(await SendAsync(HttpMethod.Post, "/v1/producers", _till), 401, "unauthenticated");
    }

    [Fact]
    public async Task Settings_that_become_invalid_are_told_of_and_leave_the_keys_as_they_were()
    {
        Configuration.Set("Gateway:Authentication:ApiKeys:0:Scopes:0", "administrate");

        Assert.ThrowsAny<Exception>(Configuration.Reload);

        await JsonAsync(await SendAsync(HttpMethod.Post, "/v1/producers", _till));
        var line = Assert.Single(Log.Lines, line => line.Text.Contains("so the callers stay the same", StringComparison.Ordinal));
        Assert.Contains("Gateway:Authentication:ApiKeys:0:Scopes:0 is 'administrate'", line.Text);
    }

    [Fact]
    public async Task A_gateway_whose_last_key_was_removed_lets_nobody_in()
    {
        Configuration.Remove("Gateway:Authentication");
        Configuration.Reload();

        await AssertProblemAsync(await SendAsync(HttpMethod.Get, "/v1/topics", key: (ApiKey?)null), 401, "unauthenticated");
        await AssertProblemAsync(await SendAsync(HttpMethod.Get, "/v1/topics", _operator), 401, "unauthenticated");
    }

    [Fact]
    public async Task A_refusal_is_logged_once_with_who_and_why_and_never_the_secret()
    {
        var unknown = ApiKey.Create();
        await SendAsync(HttpMethod.Get, "/v1/topics/a%0Ab", unknown);
        await SendAsync(HttpMethod.Delete, "/v1/topics/orders?token=secret", _till);

        Assert.Equal(
            [
                "Refused GET /v1/topics/a%0Ab from 127.0.0.1, which is not authenticated: The API key in the header X-Api-Key is unknown.",
                "Refused DELETE /v1/topics/orders of 'till' from 127.0.0.1: it may produce; this needs operate.",
            ],
            Log.Refusals);
        Assert.DoesNotContain(Log.Lines, line => new[] { unknown.Key, _till.Key, _till.Hash }.Any(line.Text.Contains));
    }

    [Fact]
    public void A_key_does_not_print_its_secret()
    {
        Assert.DoesNotContain(_till.Key, $"{_till}");
        Assert.StartsWith("plk_", _till.Key);
        Assert.Equal(ApiKey.HashOf(_till.Key), _till.Hash);
    }

    private async Task<IEnumerable<string>> TopicsOfAsync(ApiKey key)
    {
        var topics = await JsonAsync(await SendAsync(HttpMethod.Get, "/v1/topics", key));
        return topics["topics"]!.AsArray().Select(topic => (string)topic!["name"]!);
    }
}
