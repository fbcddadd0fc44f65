using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Gateway.Tests.Hosting;

/// <summary>Which levels of a host with the gateway reach its log.</summary>
public sealed class QuietLogTests
{
    private const string Ours = "Orleans.Pipeline.Gateway";

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)]
    [InlineData("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error)]
    [InlineData("Orleans.Runtime.Silo", LogLevel.Warning)]
    [InlineData("Polly", LogLevel.Warning)]
    [InlineData(Ours, LogLevel.Information)]
    [InlineData("Microsoft.Hosting.Lifetime", LogLevel.Information)]
    [InlineData("Shop.Orders", LogLevel.Information)]
    public void Without_any_setting_libraries_log_warnings_and_all_else_logs_information(string category, LogLevel level) =>
        Assert.Equal(level, LevelOf(category));

    [Theory]
    [InlineData("Orleans", "Information", "Orleans.Runtime.Silo", LogLevel.Information)]
    [InlineData("Orleans.Runtime", "Debug", "Orleans.Runtime.Silo", LogLevel.Debug)]
    [InlineData("Orleans.Runtime", "Debug", "Orleans.Streams", LogLevel.Warning)]
    [InlineData("Orleans", "Error", Ours, LogLevel.Error)]
    [InlineData("Orl*", "Debug", "Orleans.Streams", LogLevel.Debug)]
    [InlineData("Microsoft", "Information", "Microsoft.AspNetCore.Routing", LogLevel.Information)]
    [InlineData("Default", "Information", "Orleans.Runtime.Silo", LogLevel.Warning)]
    [InlineData("Default", "Debug", "Orleans.Runtime.Silo", LogLevel.Debug)]
    [InlineData("Default", "Error", "Orleans.Runtime.Silo", LogLevel.Error)]
    [InlineData("Default", "Error", Ours, LogLevel.Error)]
    public void A_level_in_the_configuration_wins(string key, string value, string category, LogLevel level) =>
        Assert.Equal(level, LevelOf(category, builder => builder.Configuration[$"Logging:LogLevel:{key}"] = value));

    [Fact]
    public void A_level_that_is_set_by_code_wins_before_and_after_the_gateway_is_added()
    {
        Assert.Equal(LogLevel.Debug, LevelOf("Polly", before: builder => builder.Logging.AddFilter("Polly", LogLevel.Debug)));
        Assert.Equal(LogLevel.Debug, LevelOf("Polly", after: builder => builder.Logging.AddFilter("Polly", LogLevel.Debug)));
        Assert.Equal(LogLevel.Error, LevelOf(Ours, after: builder => builder.Logging.SetMinimumLevel(LogLevel.Error)));
    }

    [Fact]
    public void A_level_that_changes_while_the_host_runs_wins()
    {
        var builder = NewBuilder();
        using IHost host = builder.Build();
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Polly");
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        Assert.False(logger.IsEnabled(LogLevel.Information));

        configuration["Logging:LogLevel:Polly"] = "Information";
        ((IConfigurationRoot)configuration).Reload();

        Assert.True(logger.IsEnabled(LogLevel.Information));
    }

    private static WebApplicationBuilder NewBuilder(Action<WebApplicationBuilder>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new CollectedLog());
        before?.Invoke(builder);
        builder.AddPipelineGateway();
        return builder;
    }

    /// <summary>The lowest level that a category logs.</summary>
    private static LogLevel LevelOf(
        string category, Action<WebApplicationBuilder>? before = null, Action<WebApplicationBuilder>? after = null)
    {
        var builder = NewBuilder(before);
        after?.Invoke(builder);
        using IHost host = builder.Build();
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        return Enum.GetValues<LogLevel>().First(logger.IsEnabled);
    }
}
