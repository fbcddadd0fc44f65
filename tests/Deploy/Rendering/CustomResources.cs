using k8s;
using k8s.Models;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>
/// A resource of another program's definition, with the fields of it that are used here; a manifest with any other is refused.
/// </summary>
internal abstract class CustomResource<TSpec> : IKubernetesObject<V1ObjectMeta>
    where TSpec : new()
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = new();
}

/// <summary>The Prometheus Operator's: which Services are scraped.</summary>
internal sealed class ServiceMonitor : CustomResource<ServiceMonitor.Selection>
{
    public sealed class Selection
    {
        public V1LabelSelector Selector { get; set; } = new();

        public List<Endpoint> Endpoints { get; set; } = [];
    }

    public sealed class Endpoint
    {
        public string Port { get; set; } = "";

        public string Path { get; set; } = "";

        public string Interval { get; set; } = "";

        public string Scheme { get; set; } = "http";

        public List<Relabeling> Relabelings { get; set; } = [];

        public Tls? TlsConfig { get; set; }
    }

    public sealed class Relabeling
    {
        public List<string> SourceLabels { get; set; } = [];

        public string Separator { get; set; } = "";

        public string TargetLabel { get; set; } = "";
    }

    public sealed class Tls
    {
        public string ServerName { get; set; } = "";

        public Authority Ca { get; set; } = new();
    }

    public sealed class Authority
    {
        public V1SecretKeySelector Secret { get; set; } = new();
    }
}

/// <summary>The Prometheus Operator's: rules.</summary>
internal sealed class PrometheusRule : CustomResource<RuleFile>;

/// <summary>KEDA's: what a Deployment is scaled by.</summary>
internal sealed class ScaledObject : CustomResource<ScaledObject.Scaling>
{
    public sealed class Scaling
    {
        public V2CrossVersionObjectReference ScaleTargetRef { get; set; } = new();

        public int MinReplicaCount { get; set; }

        public int MaxReplicaCount { get; set; }

        public int PollingInterval { get; set; }

        public List<Trigger> Triggers { get; set; } = [];

        public Detail Advanced { get; set; } = new();
    }

    public sealed class Trigger
    {
        public string Type { get; set; } = "";

        public string MetricType { get; set; } = "";

        public Dictionary<string, string> Metadata { get; set; } = [];
    }

    public sealed class Detail
    {
        public Autoscaler HorizontalPodAutoscalerConfig { get; set; } = new();
    }

    public sealed class Autoscaler
    {
        public string Name { get; set; } = "";

        public V2HorizontalPodAutoscalerBehavior Behavior { get; set; } = new();
    }
}
