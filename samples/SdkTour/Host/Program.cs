using Orleans.Pipeline;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Gateway;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddEmbeddedPipelines(
    EmbeddedSettings.For(builder.Configuration["database"] ?? "shop.db"),
    catalog => catalog.Add("revenue", pipeline => pipeline
        .From<Order>("orders", partitions: 4)
        .Map(order => order.Cents > 0 ? order : throw new PermanentException("An order of nothing."), "check")
        .To(Table.Add<Order>("revenue")
            .Key("country", order => order.Country)
            .Sum("cents", order => order.Cents))
        .To(Sink.Topic("orders.checked"))));
builder.AddPipelineGateway();
builder.AddPipelineTelemetry();

await using var app = builder.Build();
app.MapPipelineGateway();
await app.StartAsync();
Console.WriteLine($"Ready: {app.Urls.First()}");
await app.WaitForShutdownAsync();

internal sealed record Order(string Customer, string Country, long Cents);
