using System.Text.Json;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Core.Tests.Wire;

public sealed class HeaderJsonTests
{
    [Theory]
    [InlineData("""{"name":"n","base64":"//8=","unit":"new"}""")]
    [InlineData("""{"name":"n","base64":"//8="}""")]
    public void A_client_reads_headers_of_a_newer_gateway(string header) =>
        Assert.Equal("FFFF", Convert.ToHexString(Read($$""","headerList":[{{header}}]""").Headers.Single().Value!.Value.Span));

    [Fact]
    public void A_client_reads_headers_of_an_older_gateway() =>
        Assert.Equal([("a", "b"), ("c", "")], Read("").Headers.Select(header => (header.Name, header.AsText())));

    private static DeadLetter Read(string list) => JsonSerializer.Deserialize(
        $$$"""
        {"partition":0,"offset":0,"failedAt":"2026-01-31T12:00:00Z","timestamp":5,"key":null,"headers":{"a":"b","c":null}{{{list}}},
        "error":{"type":"T","message":"m","stack":null},"step":"s","attempts":1,"stage":"g","source":{"topic":"t","partition":0,"offset":0},"replays":0}
        """,
        WireJson.Default.DeadLetterBody)!.ToDeadLetter();
}
