using k8s.Models;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>What an object names is there: in the rendering, or for a Secret in the example.</summary>
public sealed class ReferenceTests
{
    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_object_is_of_a_kind_and_has_fields_that_Kubernetes_knows(string name)
    {
        var rendering = Rendering.Of(name);

        Assert.NotEmpty(rendering.Objects);
        Assert.All(rendering.Objects, item => Assert.False(string.IsNullOrEmpty(item.Metadata.Name)));
        Assert.Empty(rendering.Objects.SelectMany(item => RequiredFields.MissingIn(item, $"{item.Kind} {item.Metadata.Name}")));
        Assert.Distinct(rendering.Objects.Select(item => (item.Kind, item.Metadata.Name)));
        Assert.Single(rendering.Objects.Where(item => item is not V1Namespace).Select(item => item.Metadata.NamespaceProperty).Distinct());
    }

    [Theory]
    [InlineData("spec: { replicaz: 3 }")]
    [InlineData("spec: { replicas: three }")]
    public void What_Kubernetes_does_not_know_is_found(string spec) =>
        Assert.ThrowsAny<Exception>(() => Rendering.Parse($"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{ name: silo }}\n{spec}\n").ToList());

    [Fact]
    public void What_Kubernetes_demands_and_does_not_get_is_found() => Assert.Equal(
        ["Deployment silo.spec.selector", "Deployment silo.spec.template.spec.containers[0].ports[0].containerPort"],
        RequiredFields.MissingIn(
            Rendering.Parse("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: silo }\nspec: { template: { spec: { containers: [ { name: silo, ports: [ { name: gateway } ] } ] } } }\n").Single(),
            "Deployment silo"));

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Secrets_are_made_outside(string name)
    {
        Assert.Empty(Rendering.Of(name).Of<V1Secret>());
        Assert.DoesNotContain("REPLACE-ME", Rendering.Of(name).Yaml, StringComparison.Ordinal);
    }

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_map_secret_key_claim_and_account_that_is_named_is_there(string name)
    {
        var rendering = Rendering.Of(name);
        var maps = rendering.Of<V1ConfigMap>().ToDictionary(map => map.Metadata.Name);
        var secrets = Rendering.ExampleSecrets.ToDictionary(secret => secret.Metadata.Name);
        foreach (var pod in rendering.Workloads.Select(workload => workload.Template.Spec))
        {
            foreach (var container in pod.Containers)
            {
                Assert.All(container.EnvFrom ?? [], source =>
                    Assert.True(source.ConfigMapRef is { } map ? maps.ContainsKey(map.Name) : secrets.ContainsKey(source.SecretRef.Name)));
                Assert.All(
                    (container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>(),
                    key => Assert.Contains(key.Key, secrets[key.Name].StringData.Keys));
                Assert.Subset(
                    pod.Volumes.Select(volume => volume.Name).ToHashSet(), container.VolumeMounts.Select(mount => mount.Name).ToHashSet());
            }

            Assert.All(pod.Volumes, volume => Assert.True(
                volume.EmptyDir is not null
                || (volume.Secret is { } secret && secrets.ContainsKey(secret.SecretName))
                || (volume.ConfigMap is { } map && maps.ContainsKey(map.Name))
                || rendering.Of<V1PersistentVolumeClaim>().Any(claim => claim.Metadata.Name == volume.PersistentVolumeClaim?.ClaimName)));
            Assert.True(pod.ServiceAccountName is null || rendering.Of<V1ServiceAccount>().Any(account => account.Metadata.Name == pod.ServiceAccountName));
        }

        Assert.All(
            rendering.Of<ServiceMonitor>()
                .SelectMany(monitor => monitor.Spec.Endpoints)
                .Select(endpoint => endpoint.TlsConfig?.Ca.Secret)
                .OfType<V1SecretKeySelector>(),
            key => Assert.Contains(key.Key, secrets[key.Name].StringData.Keys));
    }

    [KubectlFact]
    public void The_files_that_the_settings_name_are_mounted()
    {
        var rendering = Rendering.Of("production");
        var mounted = rendering.Silos.Spec.Template.Spec.Volumes.Where(volume => volume.Secret is not null).SelectMany(volume =>
            Rendering.ExampleSecrets.Single(secret => secret.Metadata.Name == volume.Secret.SecretName).StringData.Keys
                .Select(key => $"{rendering.Silo.VolumeMounts.Single(mount => mount.Name == volume.Name).MountPath}/{key}"));

        Assert.Subset(mounted.ToHashSet(), Variables.ValuesOf(rendering, rendering.Silo)
            .Where(variable => variable.Key.StartsWith("Kestrel__Certificates__", StringComparison.Ordinal)).Select(variable => variable.Value).ToHashSet());
    }

    [KubectlFact]
    public void The_file_of_the_database_is_on_the_volume()
    {
        var rendering = Rendering.Of("dev");
        var database = Variables.ValuesOf(rendering, rendering.Silo)["Silo__Database"];
        var mount = rendering.Silo.VolumeMounts.Single(mount => mount.MountPath == Path.GetDirectoryName(database));

        Assert.NotNull(rendering.Silos.Spec.Template.Spec.Volumes.Single(volume => volume.Name == mount.Name).PersistentVolumeClaim);
        Assert.Equal((1, "Recreate"), (rendering.Silos.Spec.Replicas, rendering.Silos.Spec.Strategy.Type));
    }
}
