using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class GatewaySettingsTests
{
    public static TheoryData<string, Action<GatewaySettings>> Faults => new()
    {
        { "GatewaySettings:RecordLimits:RecordBytes", settings => settings.RecordLimits = new RecordLimits { RecordBytes = 0 } },
        { "GatewaySettings:RecordLimits:BatchBytes", settings => settings.RecordLimits = new RecordLimits { BatchBytes = 0 } },
        { "GatewaySettings:RecordLimits:DecompressedBytes", settings => settings.RecordLimits = new RecordLimits { DecompressedBytes = -1 } },
        { "GatewaySettings:RecordLimits:Headers", settings => settings.RecordLimits = new RecordLimits { Headers = -1 } },
        { "GatewaySettings:MaximumRequestBytes", settings => settings.MaximumRequestBytes = RecordLimits.Default.BatchBytes - 1 },
        { "GatewaySettings:MaximumReadBytes", settings => settings.MaximumReadBytes = 0 },
        { "GatewaySettings:MaximumWait", settings => settings.MaximumWait = TimeSpan.FromTicks(-1) },
        { "GatewaySettings:HealthTimeout", settings => settings.HealthTimeout = TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_setting_out_of_range_stops_the_host_from_starting_and_is_named(string key, Action<GatewaySettings> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddPipelineGateway(configure);
        await using var app = builder.Build();

        var refused = Assert.Throws<OptionsValidationException>(() => app.MapPipelineGateway());

        Assert.StartsWith(key, Assert.Single(refused.Failures));
        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        using var services = new ServiceCollection().AddPipelineGateway().BuildServiceProvider();

        Assert.Equal(16 << 20, services.GetRequiredService<IOptions<GatewaySettings>>().Value.MaximumRequestBytes);
    }
}
