using Orleans.Pipeline;
using Orleans.Pipeline.Silo;

var builder = WebApplication.CreateBuilder(args);
builder.AddPipelineSilo(catalog => catalog
    .Add("revenue", pipeline => pipeline
        .From<Order>("orders", partitions: 8)
        .Where(order => order.Cents > 0)
        .To(Table.Add<Order>("revenue")
            .Key("country", order => order.Country)
            .Sum("orders", _ => 1)
            .Sum("cents", order => order.Cents))));
await using var app = builder.Build();
app.MapPipelineSilo();
await app.RunAsync();

internal sealed record Order(string Country, long Cents);
