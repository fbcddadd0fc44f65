using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Dashboard;
using Orleans.Pipeline.Silo;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>What a host becomes by the settings of a silo, before it starts.</summary>
public sealed class PipelineSiloTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("silo-");

    private string Database => Path.Combine(_directory.FullName, "pipeline.db");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Both_dashboards_are_served_unless_they_are_switched_off(string setting, bool areServed)
    {
        var builder = WebApplication.CreateBuilder(["--Silo:Database", Database, "--Silo:Dashboard", setting]);
        builder.AddPipelineSilo(Numbers.Define);
        await using var host = builder.Build();
        host.MapPipelineSilo();

        var routes = ((IEndpointRouteBuilder)host).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}")
            .ToList();
        Assert.Equal(areServed, routes.Contains("/"));
        Assert.Equal(areServed, routes.Exists(route => route.StartsWith("/orleans", StringComparison.Ordinal)));
        Assert.Equal(areServed, builder.Services.Any(service => service.ServiceType.Assembly == typeof(PipelineDashboard).Assembly));
        Assert.Contains("/v1/topics", routes);
    }

    [Fact]
    public async Task The_store_opens_when_the_host_starts_and_not_before()
    {
        var builder = WebApplication.CreateBuilder(["--Silo:Database", Database]);
        Assert.Same(builder, builder.AddPipelineSilo(Numbers.Define));
        await using var host = builder.Build();
        host.MapPipelineSilo();

        Assert.Equal(Database, host.Services.GetRequiredService<SiloSettings>().Database);
        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<ITopicStore>().SchemaVersion);
        Assert.False(File.Exists(Database));
    }
}
