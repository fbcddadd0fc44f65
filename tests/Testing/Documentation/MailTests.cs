using Orleans.Pipeline;
using Orleans.Pipeline.Testing;

public sealed class MailTests
{
    [Fact]
    public void Every_large_order_is_mailed_once_whatever_crashes()
    {
        var mails = new Mails();
        PipelineTest.For(catalog => LargeOrders.Define(catalog, mails)).Crashing(test =>
        {
            mails.Clear();
            test.Watch("mails", () => mails.Sent);

            test.Send("orders", "customer-7", new Order("NL", 1_000_000));
            test.Send("orders", "customer-8", new Order("NL", 100));
            test.Send("orders", "customer-7", new Order("BE", 2_000_000));
        });
    }
}

public sealed class Mails : ISink<Order>
{
    private readonly Dictionary<TaskId, long> _nextOffsets = [];

    public List<string> Sent { get; } = [];

    public void Clear()
    {
        Sent.Clear();
        _nextOffsets.Clear();
    }

    public ValueTask WriteAsync(Delivery<Order> delivery, CancellationToken cancellationToken)
    {
        var next = _nextOffsets.GetValueOrDefault(delivery.Task);
        Sent.AddRange(delivery.Values.Where(order => order.Offset >= next).Select(order => $"{order.Value}"));
        _nextOffsets[delivery.Task] = Math.Max(next, delivery.NextOffset);
        return ValueTask.CompletedTask;
    }
}

public static class LargeOrders
{
    public static void Define(PipelineCatalog catalog, ISink<Order> mails) => catalog
        .Add("large-orders", pipeline => pipeline.From<Order>("orders", partitions: 2).Where(order => order.Cents >= 1_000_000).To(mails));
}
