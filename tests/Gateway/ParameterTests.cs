using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class ParameterTests : GatewayTest
{
    [Theory]
    [InlineData("POST", "/v1/topics/orders/records?keys=country", "The parameter 'keys' does not exist here. Did you mean 'key'? There are: key, partition, upload.")]
    [InlineData("POST", "/v1/topics/orders/records?key=a&uplaod=b", "Did you mean 'upload'?")]
    [InlineData("POST", "/v1/topics/orders/records?topic=orders", "The parameter 'topic' does not exist here.")]
    [InlineData("GET", "/v1/topics/orders/partitions/0/records?ofset=7", "Did you mean 'offset'?")]
    [InlineData("GET", "/v1/topics/orders/partitions/0/records?offset=0&wait=1", "Did you mean 'waitMs'?")]
    [InlineData("GET", "/v1/topics/orders/partitions/0/offsets?time=5&partition=1", "There are: time.")]
    [InlineData("GET", "/v1/topics/orders/tail?from=end&partitions=1", "Did you mean 'partition'?")]
    [InlineData("GET", "/v1/pipelines/revenue/dead-letters?errortypes=a", "Did you mean 'errorType'?")]
    [InlineData("POST", "/v1/pipelines/revenue/dead-letters/replay?step=a", "This path has no parameters.")]
    [InlineData("DELETE", "/v1/topics/orders?force", "This path has no parameters.")]
    [InlineData("POST", "/v1/topics/orders/partitions/0/batches?producer=a", "There are: topicId.")]
    public async Task A_parameter_that_does_not_exist_is_refused_and_the_right_one_named(string method, string path, string detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = BodyOf(method, path) };

        var problem = await AssertProblemAsync(await Http.SendAsync(request), 400, "invalid-request");

        Assert.Contains(detail, (string?)problem["detail"]);
        Assert.Equal(0, await EndAsync(0) + await EndAsync(1));
    }

    [Theory]
    [InlineData("POST", "/v1/topics/orders/records?key=a&key=b", "key")]
    [InlineData("POST", "/v1/topics/orders/records?partition=0&Partition=1", "partition")]
    [InlineData("GET", "/v1/topics/orders/partitions/0/records?offset=0&offset=1", "offset")]
    [InlineData("GET", "/v1/topics/orders/tail?from=start&from=end", "from")]
    [InlineData("GET", "/v1/pipelines/revenue/dead-letters?step=a&step=b", "step")]
    public async Task A_parameter_that_is_given_twice_is_refused(string method, string path, string name)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = BodyOf(method, path) };

        var problem = await AssertProblemAsync(await Http.SendAsync(request), 400, "invalid-request");

        Assert.Contains($"The parameter '{name}' is given 2 times. Give it once.", (string?)problem["detail"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_endpoint_of_the_API_refuses_an_unknown_parameter()
    {
        var endpoints = Gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .ToList();
        Assert.True(endpoints.Count > 20);
        foreach (var endpoint in endpoints)
        {
            var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => segment.Parts[0] switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "topic" or "name" } => "orders",
                _ => "0",
            }));
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/{path}?misspelt=1");
            request.Content = BodyOf(method, path);

            var problem = await AssertProblemAsync(await Http.SendAsync(request), 400, "invalid-request");

            Assert.Contains("'misspelt' does not exist here", (string?)problem["detail"]);
        }
    }

    [Fact]
    public async Task Parameters_that_a_monitor_adds_do_not_matter_outside_the_API()
    {
        Assert.True((await Http.GetAsync("/health/live?probe=1")).IsSuccessStatusCode);
        Assert.True((await Http.GetAsync("/health/ready?probe=1&probe=2")).IsSuccessStatusCode);
        Assert.True((await Http.GetAsync("/openapi/v1.json?time=1")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_key_field_of_lines_is_refused_for_a_JSON_body_whose_records_have_keys_themselves()
    {
        using var response = await Http.PostAsync("/v1/topics/orders/records?key=country", Content("""{"records":[{"value":{"country":"NL"}}]}""", JsonType));

        Assert.Contains("'key' names a field of lines", (string?)(await AssertProblemAsync(response, 400, "invalid-request"))["detail"]);
        Assert.Equal(0, await EndAsync(0) + await EndAsync(1));
    }

    [Theory]
    [InlineData("05/11/2023")]
    [InlineData("11-05-2023")]
    [InlineData("10:30")]
    [InlineData("12.5")]
    [InlineData("20231105")]
    [InlineData("Nov 5 2023")]
    [InlineData("2023-11-05T10:30:00+02:00")]
    public async Task A_time_that_is_neither_ISO_8601_nor_milliseconds_is_refused_and_named(string time)
    {
        foreach (var path in new[] { "/v1/topics/orders/partitions/0/offsets?time=", "/v1/topics/orders/tail?from=" })
        {
            var problem = await AssertProblemAsync(await Http.GetAsync(path + time), 400, "invalid-request");

            Assert.Contains($"is '{time.Replace('+', ' ')}'", (string?)problem["detail"]);
            Assert.Contains("ISO 8601 with a four-digit year first", (string?)problem["detail"]);
        }
    }

    [Theory]
    [InlineData("1700000000000")]
    [InlineData("2023-11-14T22:13:20Z")]
    [InlineData("2023-11-14T22:13:20")]
    [InlineData("2023-11-14T23:13:20%2B01:00")]
    public async Task A_time_is_milliseconds_or_ISO_8601_in_UTC_if_it_does_not_say(string time)
    {
        await AppendAsync(Batch("1"));
        var builder = new RecordBatchBuilder();
        builder.Append(default, "2"u8, 1_700_000_000_001);
        await AppendAsync(builder.Build().Bytes.ToArray());

        Assert.Equal(0, (long)(await GetJsonAsync($"/v1/topics/orders/partitions/0/offsets?time={time}"))["offset"]!);
        Assert.Equal(1, (long)(await GetJsonAsync("/v1/topics/orders/partitions/0/offsets?time=1700000000001"))["offset"]!);
    }

    /// <summary>A body of a type that the path takes; what it holds does not matter here.</summary>
    private static ByteArrayContent? BodyOf(string method, string path) => method is "GET" or "DELETE" ? null
        : Content("1", path.Contains("/batches", StringComparison.Ordinal) ? BatchType
            : path.Contains("/records", StringComparison.Ordinal) ? NdjsonType
            : JsonType);
}
