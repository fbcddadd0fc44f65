using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class GatewaySettingsTests
{
    public static TheoryData<string, Action<GatewaySettings>> Faults => new()
    {
        { "Gateway:Limits:RecordBytes", settings => settings.Limits.RecordBytes = 0 },
        { "Gateway:Limits:BatchBytes", settings => settings.Limits.BatchBytes = 0 },
        { "Gateway:Limits:DecompressedBytes", settings => settings.Limits.DecompressedBytes = -1 },
        { "Gateway:Limits:RecordHeaders", settings => settings.Limits.RecordHeaders = -1 },
        { "Gateway:Limits:RequestBytes", settings => settings.Limits.RequestBytes = RecordLimits.Default.BatchBytes - 1 },
        { "Gateway:Limits:ReadBytes", settings => settings.Limits.ReadBytes = 0 },
        { "Gateway:Limits:Wait", settings => settings.Limits.Wait = TimeSpan.FromTicks(-1) },
        { "Gateway:HealthTimeout", settings => settings.HealthTimeout = TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_setting_out_of_range_stops_the_host_from_starting_and_is_named(string key, Action<GatewaySettings> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddPipelineGateway(configure);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = builder.Build();
            app.MapPipelineGateway();
            await app.StartAsync();
        });

        Assert.StartsWith(key, Assert.Single(refused.Failures));
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        using var services = new ServiceCollection().AddPipelineGateway().BuildServiceProvider();

        Assert.Equal(16 << 20, services.GetRequiredService<IOptions<GatewaySettings>>().Value.Limits.RequestBytes);
    }
}
