using Orleans.Pipeline.Cli.Producing;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class PendingSendsTests
{
    [Fact]
    public async Task A_send_that_the_producer_cancels_is_a_line_that_was_not_delivered()
    {
        var pending = new PendingSends(limitBytes: 1000);
        pending.Add(line: 7, bytes: 10, ValueTask.FromCanceled<SendResult>(new CancellationToken(canceled: true)));
        pending.Add(line: 8, bytes: 10, ValueTask.FromResult(default(SendResult)));

        await pending.SettleAsync();

        Assert.Equal(7, pending.FailedLine);
        Assert.IsAssignableFrom<OperationCanceledException>(pending.Failure);
        Assert.Equal(1, pending.Acknowledged);
    }
}
