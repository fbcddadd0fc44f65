using System.Net;
using Orleans.Pipeline.Silo;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>What a manifest says of a silo is so: a real one is started with its environment, and asked.</summary>
public sealed class HostTests
{
    [KubectlTheory]
    [InlineData("dev+monitoring")]
    [InlineData("production+monitoring+monitoring-tls")]
    public async Task A_silo_starts_with_the_environment_and_answers_probes_and_scrapes_and_stops_in_time(string name)
    {
        var rendering = Rendering.Of(name);
        await using var host = await RenderedHost.StartAsync(rendering);

        foreach (var probe in new[] { rendering.Silo.StartupProbe, rendering.Silo.LivenessProbe, rendering.Silo.ReadinessProbe })
        {
            Assert.Equal("gateway", probe.HttpGet.Port.Value);
            Assert.Equal(HttpStatusCode.OK, await host.GetAsync(probe.HttpGet.Scheme ?? "HTTP", probe.HttpGet.Path));
        }

        var scrape = Assert.Single(Assert.Single(rendering.Of<ServiceMonitor>()).Spec.Endpoints);
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync(scrape.Scheme, scrape.Path));

        Assert.Subset(RenderedHost.OpenPorts.ToHashSet(), new HashSet<int> { host.SiloPort, host.GatewayPort });

        var preStop = TimeSpan.FromSeconds(rendering.Silo.Lifecycle.PreStop.Sleep.Seconds);
        Assert.InRange(
            rendering.Silos.Spec.Template.Spec.TerminationGracePeriodSeconds!.Value, (preStop + host.ShutdownTimeout).TotalSeconds, 110);
    }

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_variable_is_one_that_a_host_reads(string name)
    {
        var rendering = Rendering.Of(name);

        Assert.All(
            rendering.Workloads.Where(workload => workload.IsOurs)
                .SelectMany(workload => workload.Containers)
                .SelectMany(container => Variables.NamesOf(rendering, container)),
            variable => Assert.True(Variables.IsKnown(variable), $"No host reads {variable}."));
    }

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_port_is_one_that_a_silo_opens(string name)
    {
        var rendering = Rendering.Of(name);
        var given = Variables.ValuesOf(rendering, rendering.Silo);
        var gateway = new Uri(given["ASPNETCORE_URLS"].Replace("+", "any", StringComparison.Ordinal)).Port;

        Assert.Equal(
            new Dictionary<string, int> { ["gateway"] = gateway, ["silo"] = int.Parse(given["Silo__SiloPort"]), ["orleans"] = int.Parse(given["Silo__GatewayPort"]) },
            rendering.Silo.Ports.ToDictionary(port => port.Name, port => port.ContainerPort));
    }

    [KubectlFact]
    public void Every_setting_of_a_silo_stands_in_the_settings_or_is_given_by_an_overlay()
    {
        var given = Variables.NamesOf(Rendering.Of("production"), Rendering.Of("production").Silo).ToHashSet();
        string[] otherwise = [
            nameof(SiloSettings.Postgres), nameof(SiloSettings.Database), nameof(SiloSettings.Clustering), nameof(SiloSettings.FirstSiloPort), nameof(SiloSettings.MigrateOnly)];

        Assert.All(
            typeof(SiloSettings).GetProperties().Select(property => property.Name).Except(otherwise),
            setting => Assert.Contains($"Silo__{setting}", given));
        Assert.Contains(SiloSettings.PostgresVariable, given);
    }

    [Fact]
    public void A_silo_refuses_the_placeholders_of_the_example()
    {
        var placeholder = Rendering.ExampleSecrets.Single(secret => secret.Metadata.Name == "pipeline-postgres")
            .StringData["connection-string"];
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { [SiloSettings.PostgresVariable] = placeholder };

        Assert.Equal(nameof(SiloSettings.Postgres), Assert.Throws<InvalidSiloSettingException>(() => SiloSettings.Read(configuration)).Key);
        Assert.All(
            Rendering.ExampleSecrets.SelectMany(secret => secret.StringData).Where(entry => entry.Key.EndsWith(
                "Hash",
                StringComparison.Ordinal)),
            entry => Assert.Equal("REPLACE-ME", entry.Value));
    }
}
