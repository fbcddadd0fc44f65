using Microsoft.Extensions.Configuration;
using Orleans.Pipeline.Silo;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>The settings of a silo, and its errors for invalid ones.</summary>
public sealed class SiloSettingsTests
{
    [Fact]
    public void Without_any_setting_a_silo_runs_alone_on_a_file()
    {
        var settings = Read();
        Assert.Equal((SiloClustering.Localhost, null, "pipeline.db"), (settings.Clustering, settings.Postgres, settings.Database));
        Assert.Equal(new SiloSettings(), settings);
    }

    [Fact]
    public void A_connection_string_in_the_environment_makes_it_a_member_of_the_cluster_on_that_database()
    {
        var settings = Read(("PIPELINE_POSTGRES", "Host=db"));
        Assert.Equal((SiloClustering.Postgres, "Host=db"), (settings.Clustering, settings.Postgres));
    }

    [Fact]
    public void A_setting_of_its_own_goes_before_the_environment() =>
        Assert.Equal("Host=mine", Read(("PIPELINE_POSTGRES", "Host=db"), ("Silo:Postgres", "Host=mine")).Postgres);

    [Theory]
    [InlineData("SiloPort", "eleven")]
    [InlineData("SiloPort", "0")]
    [InlineData("GatewayPort", "65536")]
    [InlineData("GatewayPort", "11111")]
    [InlineData("FirstSiloPort", "11112")]
    [InlineData("Address", "localhost")]
    [InlineData("Clustering", "Consul")]
    [InlineData("Clustering", "1")]
    [InlineData("Clustering", "Postgres")]
    [InlineData("ProbeTimeout", "2")]
    [InlineData("ProbeTimeout", "00:00:00")]
    [InlineData("StopTimeout", "-00:00:01")]
    [InlineData("ReadAheadBytes", "1023")]
    [InlineData("RetentionInterval", "soon")]
    [InlineData("Dashboard", "yes")]
    [InlineData("MigrateOnly", "true")]
    [InlineData("SiloPrt", "11111")]
    [InlineData("Postgres", "Host=db;Pasword=secret")]
    [InlineData("Postgres", "Host=db;Port=secret")]
    public void What_is_not_possible_is_refused_by_its_key(string key, string value)
    {
        var error = Assert.Throws<InvalidSiloSettingException>(() => Read(($"Silo:{key}", value)));
        Assert.Equal(key, error.Key);
        Assert.Contains($"Silo:{key}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_connection_string_is_never_printed() =>
        Assert.DoesNotContain("secret", Read(("Silo:Postgres", "Host=db;Password=secret")).ToString(), StringComparison.Ordinal);

    private static SiloSettings Read(params (string Key, string Value)[] pairs) => SiloSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(pairs.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
