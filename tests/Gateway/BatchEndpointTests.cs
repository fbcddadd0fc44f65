using System.Net.Http.Headers;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class BatchEndpointTests : GatewayTest
{
    private const int BatchLimit = 20_000;

    [Fact]
    public async Task A_batch_is_appended_and_its_offsets_answered()
    {
        await AppendAsync(Batch("a", "b"));

        var answer = await JsonAsync(await AppendAsync(Batch("c", "d", "e")));

        Assert.Equal("""{"baseOffset":2,"nextOffset":5,"isRepeat":false}""", answer.ToJsonString());
        Assert.Equal(5, await EndAsync());
    }

    [Fact]
    public async Task A_batch_lands_in_its_partition_only()
    {
        await JsonAsync(await AppendAsync(Batch("a"), partition: 1));

        Assert.Equal(0, await EndAsync(0));
        Assert.Equal(1, await EndAsync(1));
    }

    [Fact]
    public async Task A_batch_of_unknown_length_is_appended()
    {
        using var content = new StreamContent(new MemoryStream(Batch(new string('a', 10_000)), writable: false));
        content.Headers.ContentType = new MediaTypeHeaderValue(BatchType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/topics/orders/partitions/0/batches") { Content = content };
        request.Headers.TransferEncodingChunked = true;

        await JsonAsync(await Http.SendAsync(request));

        Assert.Equal(1, await EndAsync());
    }

    [Fact]
    public async Task A_repeated_batch_answers_the_first_offsets_and_is_appended_once()
    {
        var (id, epoch) = await Gateway.Store.OpenProducerAsync(null);
        await AppendAsync(Batch("before"));
        var batch = Batch(id, epoch, sequence: 0, "a", "b");

        var first = await JsonAsync(await AppendAsync(batch));
        await AppendAsync(Batch("between"));
        var second = await JsonAsync(await AppendAsync(batch));

        Assert.Equal("""{"baseOffset":1,"nextOffset":3,"isRepeat":false}""", first.ToJsonString());
        Assert.Equal("""{"baseOffset":1,"nextOffset":3,"isRepeat":true}""", second.ToJsonString());
        Assert.Equal(4, await EndAsync());
    }

    [Fact]
    public async Task A_gap_in_the_sequence_is_refused_with_the_sequence_expected()
    {
        var (id, epoch) = await Gateway.Store.OpenProducerAsync(null);
        await AppendAsync(Batch(id, epoch, sequence: 0, "a", "b"));

        var problem = await AssertProblemAsync(await AppendAsync(Batch(id, epoch, sequence: 5, "c")), 409, "sequence-gap");

        Assert.Equal(2, (int)problem["expectedSequence"]!);
        Assert.Equal(2, await EndAsync());
    }

    [Fact]
    public async Task A_repeat_too_old_for_its_offsets_is_refused_as_a_duplicate()
    {
        var (id, epoch) = await Gateway.Store.OpenProducerAsync(null);
        for (var sequence = 0; sequence < 6; sequence++)
        {
            await JsonAsync(await AppendAsync(Batch(id, epoch, sequence, "a")));
        }

        await AssertProblemAsync(await AppendAsync(Batch(id, epoch, sequence: 0, "a")), 409, "duplicate-sequence");
        Assert.Equal(6, await EndAsync());
    }

    [Fact]
    public async Task An_older_epoch_is_refused_as_fenced()
    {
        var (id, epoch) = await Gateway.Store.OpenProducerAsync("till-7");
        var (_, newest) = await Gateway.Store.OpenProducerAsync("till-7");
        await JsonAsync(await AppendAsync(Batch(id, newest, sequence: 0, "a")));

        await AssertProblemAsync(await AppendAsync(Batch(id, epoch, sequence: 0, "b")), 409, "producer-fenced");
        Assert.Equal(1, await EndAsync());
    }

    [Fact]
    public async Task A_batch_with_any_bit_flipped_is_refused_and_not_appended()
    {
        // The base offset (bytes 0 to 7) is the log's to set, and the leader epoch (12 to 15) means nothing here.
        var batch = Batch("a", "b");
        foreach (var position in Enumerable.Range(0, batch.Length).Where(position => position is >= 8 and not (>= 12 and < 16)))
        {
            var damaged = batch.ToArray();
            damaged[position] ^= (byte)(1 << (position % 8));
            await AssertProblemAsync(await AppendAsync(damaged), 400, "invalid-record-batch");
        }

        Assert.Equal(0, await EndAsync());
    }

    [Fact]
    public async Task A_body_that_is_not_exactly_one_batch_is_refused()
    {
        await AssertProblemAsync(await AppendAsync([]), 400, "invalid-record-batch");
        await AssertProblemAsync(await AppendAsync([.. Batch("a"), .. Batch("b")]), 400, "invalid-record-batch");
        await AssertProblemAsync(await AppendAsync(Batch("a")[..^1]), 400, "invalid-record-batch");
        Assert.Equal(0, await EndAsync());
    }

    [Fact]
    public async Task A_topic_or_partition_that_is_not_there_is_refused()
    {
        await AssertProblemAsync(await AppendAsync(Batch("a"), topic: "nowhere"), 404, "unknown-topic");
        await AssertProblemAsync(await AppendAsync(Batch("a"), topic: "No"), 400, "invalid-topic-name");
        await AssertProblemAsync(await AppendAsync(Batch("a"), partition: 2), 404, "unknown-partition");
        await AssertProblemAsync(await AppendAsync(Batch("a"), partition: -1), 404, "unknown-partition");
        await AssertProblemAsync(
            await Http.PostAsync("/v1/topics/orders/partitions/first/batches", Content(Batch("a"), BatchType)), 400, "invalid-request");
    }

    [Fact]
    public async Task A_body_over_the_batch_limit_is_refused_whether_or_not_it_tells_its_length()
    {
        var batch = Batch(new string('a', BatchLimit));

        await AssertProblemAsync(await AppendAsync(batch), 413, "request-too-large");

        using var content = new StreamContent(new MemoryStream(batch));
        content.Headers.ContentType = new MediaTypeHeaderValue(BatchType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/topics/orders/partitions/0/batches") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        await AssertProblemAsync(await Http.SendAsync(request), 413, "request-too-large");
        Assert.Equal(0, await EndAsync());
    }

    [Fact]
    public async Task A_body_over_the_request_limit_is_refused() =>
        await AssertProblemAsync(await AppendAsync(new byte[(BatchLimit * 2) + 1]), 413, "request-too-large");

    [Fact]
    public async Task A_body_of_another_content_type_is_refused()
    {
        await AssertProblemAsync(
            await Http.PostAsync("/v1/topics/orders/partitions/0/batches", Content(Batch("a"), "application/octet-stream")),
            415,
            "unsupported-content-type");
        await AssertProblemAsync(
            await Http.PostAsync("/v1/topics/orders/partitions/0/batches", new ByteArrayContent(Batch("a"))),
            415,
            "unsupported-content-type");
        Assert.Equal(0, await EndAsync());
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(settings =>
    {
        settings.Limits.BatchBytes = BatchLimit;
        settings.Limits.RequestBytes = BatchLimit * 2;
    });
}
