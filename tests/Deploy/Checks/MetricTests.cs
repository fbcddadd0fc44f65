using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>What is asked of Prometheus exists, and what stands twice is the same.</summary>
public sealed partial class MetricTests
{
    private const string Matchers = "<<.LabelMatchers>>";

    private static readonly AdapterRule Adapter = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
        .Deserialize<AdapterFile>(File.ReadAllText(Deployed.PathOf("deploy/kubernetes/components/autoscaling/prometheus-adapter.yaml")))
            .Rules.External.Single();

    public static TheoryData<string> Autoscaled => Rendering.NamesWith("autoscaling");

    public static TheoryData<string> ScaledByKeda => Rendering.NamesWith("keda");

    public static TheoryData<string> Monitored => Rendering.NamesWith("monitoring");

    [KubectlTheory, MemberData(nameof(Autoscaled))]
    public void The_autoscaler_has_the_number_of_silos_to_itself_and_asks_for_a_metric_that_there_is(string name)
    {
        var rendering = Rendering.Of(name);
        var scaler = rendering.Of<V2HorizontalPodAutoscaler>().Single();

        Assert.Equal(
            (rendering.Silos.Kind, rendering.Silos.Metadata.Name), (scaler.Spec.ScaleTargetRef.Kind, scaler.Spec.ScaleTargetRef.Name));
        Assert.Null(rendering.Silos.Spec.Replicas);
        Assert.Equal(Adapter.Name.As, Lag(scaler).Metric.Name);
        Assert.Empty(MetricNames.UnknownIn(Adapter.SeriesQuery));
        Assert.Empty(MetricNames.UnknownIn(Adapter.MetricsQuery.Replace(Matchers, "", StringComparison.Ordinal)));
    }

    [KubectlTheory, MemberData(nameof(ScaledByKeda))]
    public void KEDA_scales_as_the_autoscaler_does(string name)
    {
        var rendering = Rendering.Of(name);
        var keda = rendering.Of<ScaledObject>().Single().Spec;
        var scaler = Rendering.Of("production+autoscaling").Of<V2HorizontalPodAutoscaler>().Single();
        var lag = keda.Triggers.Single(trigger => trigger.Type == "prometheus");
        var cpu = keda.Triggers.Single(trigger => trigger.Type == "cpu");

        Assert.Equal(rendering.Silos.Metadata.Name, keda.ScaleTargetRef.Name);
        Assert.Null(rendering.Silos.Spec.Replicas);
        Assert.Equal((scaler.Spec.MinReplicas, scaler.Spec.MaxReplicas), (keda.MinReplicaCount, keda.MaxReplicaCount));
        Assert.Equal((Lag(scaler).Target.Type, Lag(scaler).Target.Value.ToString()), (lag.MetricType, lag.Metadata["threshold"]));
        Assert.Equal(
            (
                scaler.Spec.Metrics.Single(metric => metric.Resource is not null).Resource.Target.AverageUtilization.ToString(),
                "Utilization"),
            (cpu.Metadata["value"], cpu.MetricType));
        Assert.Equal(
            KubernetesYaml.Serialize(scaler.Spec.Behavior), KubernetesYaml.Serialize(keda.Advanced.HorizontalPodAutoscalerConfig.Behavior));
        Assert.Equal(Flatten(Adapter.MetricsQuery.Replace(
            Matchers,
            $"namespace=\"{rendering.Silos.Metadata.NamespaceProperty}\"",
            StringComparison.Ordinal)), Flatten(lag.Metadata["query"]));
    }

    [KubectlTheory, MemberData(nameof(Monitored))]
    public void The_rules_are_those_of_Prometheus_and_the_dashboard_is_Grafanas(string name)
    {
        var rendering = Rendering.Of(name);
        var rules = rendering.Of<PrometheusRule>().Single().Spec.Groups.SelectMany(group => group.Rules);

        Assert.True(
            RuleFile.AllRules.Select(Whole).SequenceEqual(rules.Select(Whole)),
            "deploy/prometheus/rules has changed: run ./rules.sh > rules.yaml in deploy/kubernetes/components/monitoring.");
        Assert.Equal(
            [Deployed.Dashboard], rendering.Of<V1ConfigMap>().Single(map => map.Metadata.Name == "pipeline-dashboard").Data.Values);
    }

    [KubectlTheory, MemberData(nameof(Monitored))]
    public void A_deployment_is_a_job_of_its_own(string name)
    {
        var relabeling = Rendering.Of(name).Of<ServiceMonitor>().Single().Spec.Endpoints.Single().Relabelings.Single();

        Assert.Equal(("job", "__meta_kubernetes_namespace"), (relabeling.TargetLabel, relabeling.SourceLabels[0]));
    }

    private static V2ExternalMetricSource Lag(V2HorizontalPodAutoscaler scaler) =>
        scaler.Spec.Metrics.Single(metric => metric.External is not null).External;

    /// <summary>
    /// The whole rule, except the order of unordered parts, and the white space of its query, which kustomize folds differently.
    /// </summary>
    private static string Whole(Rule rule) =>
        string.Join('\n', [rule.Record, rule.Alert, Flatten(rule.Expr), rule.For, .. rule.Labels.Concat(rule.Annotations).Select(pair => $"{pair.Key}: {pair.Value}").Order(StringComparer.Ordinal)]);

    private static string Flatten(string query) => Space().Replace(query, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private sealed class AdapterFile
    {
        public AdapterRules Rules { get; init; } = new();
    }

    private sealed class AdapterRules
    {
        public List<AdapterRule> External { get; init; } = [];
    }

    private sealed class AdapterRule
    {
        public string SeriesQuery { get; init; } = "";

        public string MetricsQuery { get; init; } = "";

        public AdapterName Name { get; init; } = new();

        public Dictionary<string, object> Resources { get; init; } = [];
    }

    private sealed class AdapterName
    {
        public string As { get; init; } = "";
    }
}
