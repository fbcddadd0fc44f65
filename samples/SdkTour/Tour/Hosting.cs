using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Client;

namespace SdkTour;

internal static class Hosting
{
    public static async Task RunAsync(string address)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Pipeline:Client:Addresses:0"] = address;
        #region host
        builder.Services
            .AddPipelineClient() // from the section Pipeline:Client
            .AddPipelineProducer("orders", ShopJson.Default.Order, order => order.Customer)
            .AddPipelineConsumer("orders", ShopJson.Default.Order)
            .AddHostedService<LargeOrders>();
        #endregion
        using var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<Producer<Order>>().SendAsync(new Order("customer-9", "LU", 1_000_000));
        await host.WaitForShutdownAsync();
    }
}

#region background
internal sealed class LargeOrders(Consumer<Order> orders, IHostApplicationLifetime host) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var record in orders.ReadAsync(stoppingToken))
        {
            if (record.Error is null && record.Value.Cents >= 1_000_000)
            {
                Console.WriteLine($"Large order: {record} of {record.Value.Customer}");
                host.StopApplication();
                break;
            }
        }
    }
}
#endregion
