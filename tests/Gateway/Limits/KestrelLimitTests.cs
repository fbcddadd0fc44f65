using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway.Tests.Limits;

public sealed class KestrelLimitTests
{
    public static TheoryData<string, Action<WebApplicationBuilder>> Ways => new()
    {
        { "before", builder => { builder.WebHost.UseKestrel(kestrel => kestrel.ListenLocalhost(5000)); builder.AddPipelineGateway(Set); } },
        { "after", builder => { builder.AddPipelineGateway(Set); builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(5000)); } },
        { "UsePipelineKestrel", builder => { builder.AddPipelineGateway(Set); builder.WebHost.UsePipelineKestrel(); } },
        { "nothing", builder => builder.AddPipelineGateway(Set) },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void However_the_host_sets_Kestrel_up_the_limits_hold(string way, Action<WebApplicationBuilder> build)
    {
        var limits = Build(build);

        Assert.True(limits.MaxConcurrentConnections == 11, way);
        Assert.Equal(16 << 20, limits.MaxRequestBodySize);
        Assert.Equal(1200, limits.MaxRequestLineSize);
        Assert.Equal(13, limits.MaxRequestHeaderCount);
        Assert.Equal(1400, limits.MaxRequestHeadersTotalSize);
        Assert.Equal(TimeSpan.FromSeconds(15), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(16), limits.KeepAliveTimeout);
        Assert.Equal(
            (17, TimeSpan.FromSeconds(19)), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod));
        Assert.Null(limits.MinResponseDataRate);
    }

    [Fact]
    public void What_the_host_sets_itself_holds()
    {
        var limits = Build(builder =>
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentConnections = 1);
            builder.AddPipelineGateway(Set);
        });

        Assert.Equal(1, limits.MaxConcurrentConnections);
        Assert.Equal(13, limits.MaxRequestHeaderCount);
    }

    private static void Set(GatewaySettings settings) => settings.Limits = new GatewayLimits
    {
        Connections = 11,
        RequestLineBytes = 1200,
        RequestHeaders = 13,
        RequestHeaderBytes = 1400,
        HeadersTimeout = TimeSpan.FromSeconds(15),
        KeepAliveTimeout = TimeSpan.FromSeconds(16),
        RequestBytesPerSecond = 17,
        ResponseBytesPerSecond = 0,
        RateGrace = TimeSpan.FromSeconds(19),
    };

    private static KestrelServerLimits Build(Action<WebApplicationBuilder> build)
    {
        var builder = WebApplication.CreateBuilder();
        build(builder);
        using IHost app = builder.Build();
        return app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
    }
}
