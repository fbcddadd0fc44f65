using Orleans.Pipeline.Gateway.Tests.Hosting;
using SQLitePCL;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class StoreUnavailableTests : GatewayTest
{
    [Fact]
    public async Task Appends_are_answered_503_while_the_store_cannot_write_and_succeed_after()
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(Gateway.DatabasePath, out var other));
        using (other)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(other, "BEGIN IMMEDIATE"));

            using var refused = await AppendAsync(Batch("1"));

            var problem = await AssertProblemAsync(refused, 503, "store-unavailable");
            Assert.Equal(1000, (int)problem["retryAfterMs"]!);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(other, "ROLLBACK"));
        }

        await JsonAsync(await AppendAsync(Batch("2")));
        Assert.Equal(1, await EndAsync());
    }
}
