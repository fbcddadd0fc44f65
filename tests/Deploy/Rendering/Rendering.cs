using k8s;
using k8s.Models;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>An overlay with components, as it would be applied.</summary>
internal sealed class Rendering
{
    private const string Dev = "dev";
    private const string Production = "production";

    private static readonly Dictionary<string, string> Namespaces = new() { [Dev] = "pipeline-dev", [Production] = "pipeline" };

    private static readonly (string Overlay, string[] Components)[] Combinations =
    [
        (Dev, []),
        (Dev, ["monitoring"]),
        (Dev, ["collector"]),
        (Production, []),
        (Production, ["monitoring", "monitoring-tls"]),
        (Production, ["collector"]),
        (Production, ["autoscaling"]),
        (Production, ["keda"]),
        (Production, ["spot"]),
        (Production, ["ingress"]),
        (Production, ["monitoring", "monitoring-tls", "collector", "autoscaling", "spot", "ingress"]),
        (Production, ["monitoring", "monitoring-tls", "collector", "keda", "spot", "ingress"]),
    ];

    private static readonly Dictionary<string, Type> CustomResources = new()
    {
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
    };

    private static readonly Dictionary<string, Lazy<Rendering>> All =
        Combinations.ToDictionary(
            NameOf,
            combination => new Lazy<Rendering>(() => new(combination.Components, Render(combination.Overlay, combination.Components))));

    private Rendering(IReadOnlyList<string> components, string yaml)
    {
        Yaml = yaml;
        Components = components;
        Objects = [.. Parse(yaml)];
    }

    /// <summary>Every combination, named as <c>production+spot</c>.</summary>
    public static TheoryData<string> Names => [.. Combinations.Select(NameOf)];

    /// <summary>The combinations that have a component, and their names.</summary>
    public static TheoryData<string> NamesWith(string component) =>
        [.. Combinations.Where(combination => combination.Components.Contains(component)).Select(NameOf)];

    public string Yaml { get; }

    public IReadOnlyList<string> Components { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>What runs pods.</summary>
    public IReadOnlyList<Workload> Workloads =>
    [
        .. Of<V1Deployment>().Select(deployment => new Workload(deployment, deployment.Spec.Template)),
        .. Of<V1Job>().Select(job => new Workload(job, job.Spec.Template)),
    ];

    /// <summary>The Deployment of the silos.</summary>
    public V1Deployment Silos => Of<V1Deployment>().Single(deployment => deployment.Metadata.Name == "pipeline-silo");

    /// <summary>The container of a silo.</summary>
    public V1Container Silo => Silos.Spec.Template.Spec.Containers.Single();

    /// <summary>The objects of the example of secrets.</summary>
    public static IReadOnlyList<V1Secret> ExampleSecrets { get; } =
        [.. Parse(File.ReadAllText(Deployed.PathOf("deploy/kubernetes/overlays/production/secrets.example.yaml"))).OfType<V1Secret>()];

    public static Rendering Of(string name) => All[name].Value;

    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    /// <summary>Reads objects strictly: a field that Kubernetes does not know, or a value of another type, is an error.</summary>
    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Parse(string yaml) =>
        KubernetesYaml.LoadAllFromString(yaml, CustomResources, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    private static string NameOf((string Overlay, string[] Components) combination) =>
        string.Join('+', [combination.Overlay, .. combination.Components]);

    private static string Render(string overlay, string[] components)
    {
        var directory = Deployed.PathOf($"deploy/kubernetes/overlays/{overlay}");
        if (components.Length > 0)
        {
            directory = Directory.CreateDirectory(Deployed.PathOf($"deploy/kubernetes/overlays/{NameOf((overlay, components))}")).FullName;
            File.WriteAllText(
                Path.Combine(directory, "kustomization.yaml"),
                $"namespace: {Namespaces[overlay]}\nresources: [ ../{overlay} ]\ncomponents: [ {string.Join(", ", components.Select(component => $"../../components/{component}"))} ]\n");
        }

        return Kubectl.Kustomize(directory);
    }
}

/// <summary>Something that runs pods.</summary>
internal sealed record Workload(IKubernetesObject<V1ObjectMeta> Owner, V1PodTemplateSpec Template)
{
    public string Name => Owner.Metadata.Name;

    public IDictionary<string, string> Labels => Template.Metadata.Labels;

    public IEnumerable<V1Container> Containers => Template.Spec.Containers;

    /// <summary>Whether its containers are hosts of this project.</summary>
    public bool IsOurs => Labels.TryGetValue("app.kubernetes.io/name", out var name) && name == "orleans-pipeline";

    /// <summary>Whether a selector takes its pods.</summary>
    public bool IsSelectedBy(IDictionary<string, string>? labels) =>
        labels is { Count: > 0 } && labels.All(label => Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
