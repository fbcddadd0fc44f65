using Orleans.Pipeline;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Embedded;

await using var pipelines = await EmbeddedPipelines.StartAsync(EmbeddedSettings.For("orders.db"), catalog => catalog
    .Add("revenue", pipeline => pipeline
        .From<Order>("orders", partitions: 8)
        .Where(order => order.Cents > 0)
        .To(Table.Add<Order>("revenue")
            .Key("country", order => order.Country)
            .Sum("orders", _ => 1)
            .Sum("cents", order => order.Cents))));

await using var producer = new Producer(pipelines.Topics, "orders");
var sent = await producer.SendAsync("customer-7", """{"country":"NL","cents":4200}""");
await pipelines.Engine.WhenCommittedAsync(new("revenue", "orders", sent.Partition.Partition), sent.Offset + 1);
Console.WriteLine($"{sent.Partition} at {sent.Offset}: counted exactly once in table 'revenue' of orders.db");

internal sealed record Order(string Country, long Cents);
