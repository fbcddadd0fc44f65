using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Reading.Tailing;
using Orleans.Pipeline.Gateway.Tests.Hosting;

namespace Orleans.Pipeline.Gateway.Tests.Tailing;

public sealed class TailOutageTests : GatewayTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_store_that_is_away_for_a_while_does_not_end_a_tail()
    {
        await AppendAsync(Batch("1"));
        var memory = Gateway.App.Services.GetRequiredService<BodyBudget>();
        var clock = new TimerClock();
        var pipe = new Pipe();
        using var events = new EventStream(pipe.Writer);
        using var ends = new CancellationTokenSource();
        using var reader = new StreamReader(pipe.Reader.AsStream());

        var tail = new TopicTail(
            new OutageLog(Gateway.Store, reads: 2),
            "orders",
            new([new(0, 0)]),
            events,
            memory,
            Timeout.InfiniteTimeSpan,
            clock).RunAsync(ends.Token);
        Assert.Equal("id: 0:0", await NextAsync());
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Assert.Equal(": trying again: store-unavailable", await NextAsync());
            await clock.WhenWaitedForAsync(above: Second / 2, below: Second * 2);
            clock.Advance(Second);
        }

        Assert.Equal("id: 0:1", await NextAsync());

        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail);
        Assert.Equal(0, memory.Held);

        async Task<string?> NextAsync()
        {
            string? line;
            while ((line = await reader.ReadLineAsync()) == "")
            {
            }

            return line;
        }
    }
}
