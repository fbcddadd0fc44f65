using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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
        { "Gateway:Limits:UploadBufferBytes", settings => settings.Limits.UploadBufferBytes = 0 },
        { "Gateway:Limits:TailHeartbeat", settings => settings.Limits.TailHeartbeat = TimeSpan.Zero },
        { "Gateway:Limits:UploadLinger", settings => settings.Limits.UploadLinger = TimeSpan.FromTicks(-1) },
        { "Gateway:Limits:UploadLineTimeout", settings => settings.Limits.UploadLineTimeout = TimeSpan.Zero },
        { "Gateway:Limits:UploadWait", settings => settings.Limits.UploadWait = TimeSpan.FromTicks(-1) },
        { "Gateway:Limits:ReadBytes", settings => settings.Limits.ReadBytes = 0 },
        { "Gateway:Limits:Wait", settings => settings.Limits.Wait = TimeSpan.FromTicks(-1) },
        { "Gateway:Limits:BodyBytesInFlight", settings => settings.Limits.BodyBytesInFlight = settings.Limits.RequestBytes - 1 },
        { "Gateway:Limits:RequestsInFlight", settings => settings.Limits.RequestsInFlight = 0 },
        { "Gateway:Limits:WaitsInFlight", settings => settings.Limits.WaitsInFlight = 0 },
        { "Gateway:Limits:RequestsPerSecond", settings => settings.Limits.RequestsPerSecond = -1 },
        { "Gateway:Limits:RequestBurst", settings => settings.Limits.RequestBurst = -1 },
        { "Gateway:Limits:Connections", settings => settings.Limits.Connections = 0 },
        { "Gateway:Limits:RequestLineBytes", settings => settings.Limits.RequestLineBytes = 0 },
        { "Gateway:Limits:RequestHeaders", settings => settings.Limits.RequestHeaders = 0 },
        { "Gateway:Limits:RequestHeaderBytes", settings => settings.Limits.RequestHeaderBytes = 0 },
        { "Gateway:Limits:HeadersTimeout", settings => settings.Limits.HeadersTimeout = TimeSpan.Zero },
        { "Gateway:Limits:KeepAliveTimeout", settings => settings.Limits.KeepAliveTimeout = TimeSpan.Zero },
        { "Gateway:Limits:RequestBytesPerSecond", settings => settings.Limits.RequestBytesPerSecond = -1 },
        { "Gateway:Limits:ResponseBytesPerSecond", settings => settings.Limits.ResponseBytesPerSecond = -1 },
        { "Gateway:Limits:RateGrace", settings => settings.Limits.RateGrace = TimeSpan.FromSeconds(1) },
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
