using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Pipeline.Grains;
using Orleans.Pipeline.Silo;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Orleans.Pipeline.Cluster.Tests.Documentation;

/// <summary>The code of docs/cluster.md, so that it compiles; <see cref="DocumentationTests"/> compares them.</summary>
internal static class ClusterDocument
{
    public static IHost Client(string[] args, string postgres)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("pipeline", "pipeline"))
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", $"{postgres};Search Path=orleans"))
            .AddPipelineStreams());
        return builder.Build();
    }

    public static async Task PushAsync(IClusterClient client)
    {
        var topics = client.GetStreamProvider(PipelineStreams.Provider);
        var customer = topics.GetStream<Order>(PipelineStreams.Key("orders", "customer-7"));
        await customer.OnNextAsync(new Order("NL", 4200));
        await customer.OnNextBatchAsync([new Order("NL", 100), new Order("BE", 250)]);
    }

    public static void FromStream(PipelineCatalog catalog) => catalog
        .Add("climate", pipeline => pipeline
            .FromStream<Reading>("sensors", "temperatures")
            .To(Table.Insert<Reading>("readings").Column("room", reading => reading.Room).Column("celsius", reading => reading.Celsius)));

    public static void Protect(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPipelineSilo(endpoints => endpoints.RequireAuthorization());
    }
}

internal sealed class AuditGrain : Grain, IAuditGrain
{
    private StreamSubscriptionHandle<Order>? _subscription;

    public async Task ReadFromAsync(long offset)
    {
        var orders = this.GetStreamProvider(PipelineStreams.Provider).GetStream<Order>(PipelineStreams.Partition("orders", 3));
        var from = new EventSequenceTokenV2(offset);
        _subscription = _subscription is null
            ? await orders.SubscribeAsync(OnOrderAsync, from)
            : await _subscription.ResumeAsync(OnOrderAsync, from);
    }

    private Task OnOrderAsync(Order order, StreamSequenceToken? token)
    {
        Console.WriteLine($"{token?.SequenceNumber}: {order}");
        return Task.CompletedTask;
    }
}

internal interface IAuditGrain : IGrainWithIntegerKey
{
    Task ReadFromAsync(long offset);
}

internal sealed record Order(string Country, long Cents);

internal sealed record Reading(string Room, double Celsius);
