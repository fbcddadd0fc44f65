namespace Orleans.Pipeline.Gateway.Tests;

public sealed class ProducerEndpointTests : GatewayTest
{
    [Fact]
    public async Task Each_nameless_producer_gets_an_id_of_its_own()
    {
        var first = await JsonAsync(await OpenAsync("""{"name":null}"""));
        var second = await JsonAsync(await OpenAsync("{}"));
        var third = await JsonAsync(await Http.PostAsync("/v1/producers", content: null));

        Assert.Equal(3, new[] { first, second, third }.Select(producer => (long)producer["id"]!).Distinct().Count());
        Assert.Equal(0, (int)first["epoch"]!);
    }

    [Fact]
    public async Task A_named_producer_opened_again_keeps_its_id_under_the_next_epoch()
    {
        var first = await JsonAsync(await OpenAsync("""{"name":"till-7"}"""));
        var second = await JsonAsync(await OpenAsync("""{"name":"till-7"}"""));

        Assert.Equal((long)first["id"]!, (long)second["id"]!);
        Assert.Equal((int)first["epoch"]! + 1, (int)second["epoch"]!);
    }

    [Fact]
    public async Task A_name_of_no_or_129_characters_is_refused()
    {
        await AssertProblemAsync(await OpenAsync("""{"name":""}"""), 400, "invalid-request");
        await AssertProblemAsync(await OpenAsync($$"""{"name":"{{new string('n', 129)}}"}"""), 400, "invalid-request");
        await JsonAsync(await OpenAsync($$"""{"name":"{{new string('n', 128)}}"}"""));
    }

    [Fact]
    public async Task A_producer_that_has_sent_nothing_to_a_topic_has_come_nowhere_in_it()
    {
        var producer = await JsonAsync(await OpenAsync("""{"name":"till-8"}"""));
        await JsonAsync(await Http.PutAsync("/v1/topics/sales", Content("""{"partitions":2}""", JsonType)), System.Net.HttpStatusCode.Created);

        var progress = await JsonAsync(await Http.GetAsync($"/v1/topics/sales/producers/{producer["id"]}"));

        Assert.Equal("[0,0]", progress["partitions"]!.ToJsonString());
        await AssertProblemAsync(await Http.GetAsync($"/v1/topics/nothing/producers/{producer["id"]}"), 404, "unknown-topic");
    }

    private Task<HttpResponseMessage> OpenAsync(string body) => Http.PostAsync("/v1/producers", Content(body, JsonType));
}
