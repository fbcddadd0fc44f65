using System.Globalization;
using k8s.Models;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>Labels, selectors and ports agree.</summary>
public sealed class SelectorTests
{
    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_selector_takes_the_pods_that_it_is_for_and_no_others(string name)
    {
        var rendering = Rendering.Of(name);
        foreach (var deployment in rendering.Of<V1Deployment>())
        {
            Assert.Equal([deployment.Metadata.Name], SelectedBy(rendering, deployment.Spec.Selector.MatchLabels));
            Assert.All(
                deployment.Spec.Template.Spec.TopologySpreadConstraints ?? [],
                spread => Assert.Equal([deployment.Metadata.Name], SelectedBy(rendering, spread.LabelSelector.MatchLabels)));
        }

        Assert.All(
            rendering.Of<V1Service>(), service => Assert.Equal([service.Metadata.Name], SelectedBy(rendering, service.Spec.Selector)));
        Assert.All(
            rendering.Of<V1PodDisruptionBudget>(),
            budget => Assert.Equal(["pipeline-silo"], SelectedBy(rendering, budget.Spec.Selector.MatchLabels)));
        Assert.All(rendering.Of<ServiceMonitor>(), monitor => Assert.Equal(
            ["pipeline-silo"],
            rendering.Of<V1Service>().Where(service => Has(service.Metadata.Labels, monitor.Spec.Selector.MatchLabels)).Select(service => service.Metadata.Name)));
    }

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_port_that_is_named_exists(string name)
    {
        var rendering = Rendering.Of(name);
        foreach (var service in rendering.Of<V1Service>())
        {
            var ports = rendering.Workloads.Single(workload => workload.IsSelectedBy(service.Spec.Selector))
                .Containers.SelectMany(container => container.Ports)
                .Select(port => port.Name);
            Assert.Subset(ports.ToHashSet(), service.Spec.Ports.Select(port => port.TargetPort.Value).ToHashSet());
        }

        foreach (var container in rendering.Workloads.SelectMany(workload => workload.Containers))
        {
            var probes = new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.OfType<V1Probe>();
            Assert.All(probes, probe => Assert.Contains(probe.HttpGet.Port.Value, container.Ports.Select(port => port.Name)));
        }

        var served = rendering.Of<V1Service>()
            .Single(service => service.Metadata.Name == "pipeline-silo")
            .Spec.Ports.Select(port => port.Name)
            .ToList();
        Assert.All(
            rendering.Of<ServiceMonitor>().SelectMany(monitor => monitor.Spec.Endpoints),
            endpoint => Assert.Contains(endpoint.Port, served));
        Assert.All(
            rendering.Of<V1Ingress>()
                .SelectMany(ingress => ingress.Spec.Rules)
                .SelectMany(rule => rule.Http.Paths)
                .Select(path => path.Backend.Service),
            backend => Assert.Equal(("pipeline-silo", true), (backend.Name, served.Contains(backend.Port.Name))));
    }

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_pod_talks_only_to_whom_a_policy_names_and_on_ports_that_are_open(string name)
    {
        var rendering = Rendering.Of(name);
        var policies = rendering.Of<V1NetworkPolicy>().ToList();
        Assert.All(rendering.Workloads, workload => Assert.Equal(
            new HashSet<string> { "Ingress", "Egress" },
            policies.Where(policy => workload.IsSelectedBy(policy.Spec.PodSelector.MatchLabels)).SelectMany(policy => policy.Spec.PolicyTypes).ToHashSet()));

        foreach (var policy in policies)
        {
            var selected = rendering.Workloads.Where(workload => workload.IsSelectedBy(policy.Spec.PodSelector.MatchLabels)).ToList();
            Assert.NotEmpty(selected);
            Assert.All(policy.Spec.Ingress ?? [], rule =>
            {
                Assert.NotEmpty(rule.FromProperty);
                Assert.All(rule.FromProperty, peer => AssertNamed(rendering, peer));
                Assert.Subset(PortsOf(selected), rule.Ports.Select(port => port.Port.Value).ToHashSet());
            });
            Assert.All(policy.Spec.Egress ?? [], rule =>
            {
                Assert.NotEmpty(rule.To);
                Assert.All(rule.To, peer => AssertNamed(rendering, peer));
                var here = rule.To.Where(peer => peer.NamespaceSelector is null && peer.PodSelector is not null).ToList();
                Assert.All(here, peer => Assert.Subset(
                    PortsOf(rendering.Workloads.Where(workload => workload.IsSelectedBy(peer.PodSelector.MatchLabels))),
                    rule.Ports.Select(port => port.Port.Value).ToHashSet()));
            });
        }
    }

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void The_collector_that_the_silos_are_told_is_there_and_may_be_reached(string name)
    {
        var rendering = Rendering.Of(name);
        if (!Variables.ValuesOf(rendering, rendering.Silo).TryGetValue("OTEL_EXPORTER_OTLP_ENDPOINT", out var endpoint))
        {
            Assert.DoesNotContain("collector", rendering.Components);
            return;
        }

        var address = new Uri(endpoint);
        Assert.Contains(
            rendering.Of<V1Service>().Single(service => service.Metadata.Name == address.Host).Spec.Ports,
            port => port.Port == address.Port);
        Assert.Contains(
            rendering.Of<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Egress ?? []).SelectMany(rule => rule.Ports),
            port => port.Port.Value == address.Port.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A peer must be specific: no selector may be empty or select no pod of this rendering.</summary>
    private static void AssertNamed(Rendering rendering, V1NetworkPolicyPeer peer)
    {
        if (peer.IpBlock is null && peer.NamespaceSelector is null)
        {
            Assert.Contains(rendering.Workloads, workload => workload.IsSelectedBy(peer.PodSelector.MatchLabels));
        }

        Assert.True(peer.IpBlock is { Cidr: not "0.0.0.0/0" } || peer.NamespaceSelector is { MatchLabels.Count: > 0 } || peer.PodSelector is not null);
    }

    private static HashSet<string> PortsOf(IEnumerable<Workload> workloads) =>
        [.. workloads.SelectMany(workload => workload.Containers).SelectMany(container => container.Ports ?? [])
            .Select(port => port.ContainerPort.ToString(CultureInfo.InvariantCulture))];

    private static IEnumerable<string> SelectedBy(Rendering rendering, IDictionary<string, string> selector) =>
        rendering.Workloads.Where(workload => workload.IsSelectedBy(selector)).Select(workload => workload.Name);

    private static bool Has(IDictionary<string, string> labels, IDictionary<string, string> selector) =>
        selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
