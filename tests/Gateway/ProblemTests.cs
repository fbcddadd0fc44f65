using System.Net;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class ProblemTests : GatewayTest
{
    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/topics/orders/partitions/0")]
    public async Task A_path_that_is_not_there_is_a_problem_document(string path) =>
        await AssertProblemAsync(await Http.GetAsync(path), 404, "not-found");

    [Fact]
    public async Task A_method_that_is_not_taken_is_a_problem_document_with_those_that_are()
    {
        using var response = await Http.PostAsync("/v1/topics/orders", content: null);

        await AssertProblemAsync(response, 405, "method-not-allowed");
        Assert.Equal(["DELETE", "GET", "PATCH", "PUT"], response.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("PUT", "/v1/topics/payments")]
    [InlineData("PATCH", "/v1/topics/orders")]
    [InlineData("POST", "/v1/pipelines/traffic/dead-letters/replay")]
    [InlineData("POST", "/v1/pipelines/traffic/dead-letters/discard")]
    [InlineData("POST", "/v1/producers")]
    [InlineData("POST", "/v1/pipelines/traffic/seek")]
    public async Task A_JSON_endpoint_refuses_another_content_type(string method, string path)
    {
        using var request =
            new HttpRequestMessage(new HttpMethod(method), path) { Content = Content("{}", "application/x-www-form-urlencoded") };

        await AssertProblemAsync(await Http.SendAsync(request), 415, "unsupported-content-type");
    }

    [Fact]
    public async Task A_JSON_body_over_the_request_limit_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync(settings =>
        {
            settings.Limits.BatchBytes = 1000;
            settings.Limits.RequestBytes = 1000;
        });

        using var response = await gateway.Http.PostAsync("/v1/producers", Content($$"""{"name":"{{new string('n', 1000)}}"}""", JsonType));

        await AssertProblemAsync(response, 413, "request-too-large");
    }

    [Fact]
    public async Task An_unforeseen_failure_is_a_problem_document_that_gives_nothing_away()
    {
        await Gateway.Store.DisposeAsync();

        var problem = await AssertProblemAsync(await Http.GetAsync("/v1/topics"), 500, "internal-error");

        Assert.DoesNotContain("dispose", problem.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_path_outside_the_API_is_left_to_the_host()
    {
        using var response = await Http.GetAsync("/nothing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }
}
