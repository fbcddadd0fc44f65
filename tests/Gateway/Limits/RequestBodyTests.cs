using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Appending;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Tests.Limits;

public sealed class RequestBodyTests
{
    private const int Limit = 8 << 20;

    private readonly BodyBudget _budget = new(new GatewaySettings { Limits = { BodyBytesInFlight = 4 << 20 } });

    [Fact]
    public async Task A_client_that_claims_a_large_body_takes_only_the_memory_of_what_it_sent()
    {
        var pipe = new Pipe();
        var reading = ReadAsync(Limit, pipe.Reader.AsStream());
        Assert.Equal(2 << 20, _budget.Held);

        await pipe.Writer.CompleteAsync();
        (await reading).Dispose();
        Assert.Equal(0, _budget.Held);
    }

    [Fact]
    public async Task The_bodies_in_flight_share_one_budget_and_give_back_what_they_took()
    {
        var body = Enumerable.Range(0, 3_000_000).Select(number => (byte)number).ToArray();
        using (var first = await ReadAsync(2_000_000, new MemoryStream(body, 0, 2_000_000)))
        {
            Assert.Equal(body[..2_000_000], first.Bytes.ToArray());
            await Assert.ThrowsAsync<OverloadedException>(() => ReadAsync(body.Length, new MemoryStream(body)));
            Assert.InRange(_budget.Held, 2_000_000, 4_000_000);
        }

        Assert.Equal(0, _budget.Held);
        using var second = await ReadAsync(length: null, new MemoryStream(body));
        Assert.Equal(body, second.Bytes.ToArray());
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_whether_it_says_its_length_or_not()
    {
        await Assert.ThrowsAsync<RequestTooLargeException>(() => ReadAsync(Limit + 1, Stream.Null));
        await Assert.ThrowsAsync<RequestTooLargeException>(() => ReadAsync(length: null, new MemoryStream(new byte[1001]), limit: 1000));
        Assert.Equal(0, _budget.Held);
    }

    [Fact]
    public async Task A_body_that_was_abandoned_gives_back_what_it_took()
    {
        var body = await ReadAsync(10, new MemoryStream(new byte[10]));

        body.Abandon();
        body.Dispose();

        Assert.Equal(0, _budget.Held);
    }

    private Task<RequestBody> ReadAsync(long? length, Stream body, int limit = Limit)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentLength = length;
        request.Body = body;
        return RequestBody.ReadAsync(request, limit, _budget, CancellationToken.None).AsTask();
    }
}
