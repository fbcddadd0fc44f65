namespace Orleans.Pipeline.Gateway.Tests;

public sealed class StoreUnavailableTests : GatewayTest
{
    private const string BatchesPath = "/v1/topics/orders/partitions/0/batches";

    [Fact]
    public async Task Appends_are_answered_503_while_the_store_cannot_write_and_succeed_after()
    {
        using (OtherWriter.Begin(Gateway.DatabasePath))
        {
            using var refused = await AppendAsync(Batch("1"));

            var problem = await AssertProblemAsync(refused, 503, "store-unavailable");
            Assert.Equal(1000, (int)problem["retryAfterMs"]!);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }

        await JsonAsync(await AppendAsync(Batch("2")));
        Assert.Equal(1, await EndAsync());
    }

    [Fact]
    public async Task Batches_that_wait_for_the_store_are_written_as_they_were_sent()
    {
        await using var gateway = await StartPatientAsync();
        List<Task<HttpResponseMessage>> appends;

        using (OtherWriter.Begin(gateway.DatabasePath))
        {
            appends = await BeginAppendsAsync(gateway, Values(0), CancellationToken.None);
        }

        await AssertAppendedAsync(appends);
        Assert.Equal(Values(0), (await ReadAsync(gateway)).Order());
    }

    [Fact]
    public async Task Batches_whose_senders_leave_while_they_wait_are_written_as_they_were_sent_or_not_at_all()
    {
        await using var gateway = await StartPatientAsync();
        using var leave = new CancellationTokenSource();
        List<Task<HttpResponseMessage>> appends;

        using (OtherWriter.Begin(gateway.DatabasePath))
        {
            var left = await BeginAppendsAsync(gateway, Values(0), leave.Token);
            await leave.CancelAsync();
            foreach (var append in left)
            {
                await gateway.DepartureAsync(BatchesPath);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
            }

            appends = await BeginAppendsAsync(gateway, Values(8), CancellationToken.None);
        }

        await AssertAppendedAsync(appends);
        var read = await ReadAsync(gateway);
        Assert.Equal(Values(8), read.Where(value => value[0] >= 'i').Order());
        Assert.Subset(Values(0).ToHashSet(), read.Where(value => value[0] < 'i').ToHashSet());
    }

    private static async Task<GatewayHost> StartPatientAsync()
    {
        var gateway = await GatewayHost.StartAsync(busyTimeout: TimeSpan.FromMinutes(5));
        await gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 1 });
        return gateway;
    }

    /// <summary>Eight values of one letter each, the first a letter of the alphabet.</summary>
    private static string[] Values(int first) =>
        [.. Enumerable.Range(first, 8).Select(number => new string((char)('a' + number), 100_000))];

    private static async Task<List<Task<HttpResponseMessage>>> BeginAppendsAsync(
        GatewayHost gateway, string[] values, CancellationToken cancellationToken)
    {
        var appends = new List<Task<HttpResponseMessage>>();
        foreach (var value in values)
        {
            appends.Add(gateway.Http.PostAsync(BatchesPath, Content(Batch(value), BatchType), cancellationToken));
            await gateway.ArrivalAsync(BatchesPath);
        }

        return appends;
    }

    private static async Task AssertAppendedAsync(List<Task<HttpResponseMessage>> appends)
    {
        foreach (var append in appends)
        {
            await JsonAsync(await append);
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(GatewayHost gateway) =>
        [.. (await gateway.Store.ReadAsync(new("orders", 0), 0, int.MaxValue, TimeSpan.Zero)).Select(ValueOf)];
}
