using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>What docs/deploy.md shows works, and what it links to is there.</summary>
public sealed partial class PageTests
{
    private static readonly string Page = File.ReadAllText(Deployed.PathOf("docs/deploy.md"));

    [KubectlFact]
    public void The_kustomization_of_the_page_can_be_applied()
    {
        var directory = Directory.CreateDirectory(Deployed.PathOf("deploy/kubernetes/overlays/shop"));
        File.WriteAllText(Path.Combine(directory.FullName, "kustomization.yaml"), Kustomization().Match(Page).Groups[1].Value);

        var objects = Rendering.Parse(Kubectl.Kustomize(directory.FullName)).ToList();

        Assert.All(objects.Where(item => item is not V1Namespace), item => Assert.Equal("pipeline", item.Metadata.NamespaceProperty));
        Assert.Equal(
            ["registry.example.com/shop-silo:1.4.0"],
            objects.SelectMany(ImagesOf).Distinct().Where(image => image.Contains("silo", StringComparison.Ordinal)));
        Assert.Equal("shop", objects.OfType<V1ConfigMap>().Single(map => map.Metadata.Name.StartsWith(
            "pipeline-settings",
            StringComparison.Ordinal)).Data["Silo__ServiceId"]);
    }

    [KubectlFact]
    public void The_figures_of_the_page_are_those_of_the_manifests()
    {
        var silos = Rendering.Of("production").Silos.Spec.Template.Spec;
        var container = silos.Containers.Single();

        Assert.Contains(
            $"| grace period | {silos.TerminationGracePeriodSeconds} s | {container.Lifecycle.PreStop.Sleep.Seconds} s preStop",
            Page,
            StringComparison.Ordinal);
        Assert.Contains(
            $"| memory, request and limit | {container.Resources.Limits["memory"].ToDecimal() / (1 << 30):0.#} GiB |",
            Page,
            StringComparison.Ordinal);
        Assert.Contains($"| CPU request | {container.Resources.Requests["cpu"]}, no limit |", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_the_page_links_to_is_there()
    {
        var docs = Path.Combine(FindRoot(), "docs");

        Assert.All(
            Link().Matches(Page).Select(match => match.Groups[1].Value),
            link => Assert.True(Path.Exists(Path.Combine(docs, link)), $"There is no {link}."));
    }

    private static IEnumerable<string> ImagesOf(IKubernetesObject<V1ObjectMeta> item) => item switch
    {
        V1Deployment deployment => deployment.Spec.Template.Spec.Containers.Select(container => container.Image),
        V1Job job => job.Spec.Template.Spec.Containers.Select(container => container.Image),
        _ => [],
    };

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")) || !Directory.Exists(Path.Combine(
            directory.FullName,
            "docs",
            "runbooks")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("There is no README.md above the tests.");
        }

        return directory.FullName;
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Kustomization();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)")]
    private static partial Regex Link();
}
