using System.Globalization;
using k8s.Models;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>What pods may do, take, and where they may be.</summary>
public sealed class PodTests
{
    private const string Capacity = "orleans-pipeline/capacity";

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Every_pod_is_fit_for_the_restricted_standard_and_has_no_token(string name) =>
        Assert.All(Rendering.Of(name).Workloads, workload =>
    {
        var pod = workload.Template.Spec;
        Assert.Equal(
            (true, "RuntimeDefault", false),
            (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.SeccompProfile.Type, pod.AutomountServiceAccountToken));
        Assert.All(pod.Containers, container =>
        {
            Assert.Equal(
                (true, false), (container.SecurityContext.ReadOnlyRootFilesystem, container.SecurityContext.AllowPrivilegeEscalation));
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Contains("cpu", container.Resources.Requests.Keys);
            Assert.Contains("memory", container.Resources.Requests.Keys);
            Assert.Contains("memory", container.Resources.Limits.Keys);
            Assert.Matches("^[^:]+:(?!latest$).+$", container.Image);
        });
        Assert.True(!workload.IsOurs || pod.SecurityContext.RunAsUser == 1654);
    });

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void The_heap_has_room_for_all_that_the_settings_let_a_silo_hold_and_the_rest_for_what_is_not_on_it(string name)
    {
        var rendering = Rendering.Of(name);
        var given = Variables.ValuesOf(rendering, rendering.Silo);
        var percent = int.Parse(given["DOTNET_GCHeapHardLimitPercent"], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var limit = rendering.Silo.Resources.Limits["memory"].ToDecimal();
        var heap = limit * percent / 100;

        Assert.InRange(
            heap,
            1.5m * (decimal.Parse(given["Silo__ReadAheadBytes"], CultureInfo.InvariantCulture) + new GatewayLimits().BodyBytesInFlight),
            limit - (256 << 20));
    }

    [KubectlTheory, MemberData(nameof(Rendering.Names), MemberType = typeof(Rendering))]
    public void Only_silos_are_on_nodes_that_may_be_taken_away_and_only_with_the_component_spot(string name)
    {
        var rendering = Rendering.Of(name);
        var tolerant = rendering.Workloads.Where(workload => (workload.Template.Spec.Tolerations ?? []).Any(toleration => toleration.Key == Capacity)).ToList();
        var kept = rendering.Workloads.Except(tolerant).ToList();

        Assert.Equal(rendering.Components.Contains("spot") ? ["pipeline-silo"] : [], tolerant.Select(workload => workload.Name));
        Assert.All(kept, workload => Assert.Contains(
            RequiredOf(workload),
            term => (term.Key, term.OperatorProperty, term.Values.Single()) == (Capacity, "NotIn", "spot")));
        Assert.All(tolerant, workload =>
        {
            Assert.DoesNotContain(RequiredOf(workload), term => term.OperatorProperty == "NotIn");
            var spread = workload.Template.Spec.TopologySpreadConstraints.Single(constraint => constraint.TopologyKey == Capacity);
            Assert.Equal((1, "DoNotSchedule"), (spread.MaxSkew, spread.WhenUnsatisfiable));
        });
    }

    [KubectlFact]
    public void Nothing_takes_more_than_one_silo_at_a_time()
    {
        var rendering = Rendering.Of("production");

        Assert.Equal("1", rendering.Of<V1PodDisruptionBudget>().Single().Spec.MaxUnavailable.Value);
        Assert.Equal(
            ("1", "0"),
            (rendering.Silos.Spec.Strategy.RollingUpdate.MaxSurge.Value, rendering.Silos.Spec.Strategy.RollingUpdate.MaxUnavailable.Value));
        Assert.Equal(3, rendering.Silos.Spec.Replicas);
    }

    [KubectlFact]
    public void The_migration_is_the_image_of_the_silos_with_their_database_and_only_migrates()
    {
        var rendering = Rendering.Of("production");
        var migration = rendering.Of<V1Job>().Single().Spec.Template.Spec.Containers.Single();

        Assert.Equal(rendering.Silo.Image, migration.Image);
        Assert.Equal("true", migration.Env.Single(variable => variable.Name == "Silo__MigrateOnly").Value);
        Assert.Equal(ConnectionOf(rendering.Silo), ConnectionOf(migration));
    }

    private static IEnumerable<V1NodeSelectorRequirement> RequiredOf(Workload workload) =>
        workload.Template.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms.Single()
            .MatchExpressions;

    private static (string, string) ConnectionOf(V1Container container)
    {
        var key = container.Env.Single(variable => variable.Name == "PIPELINE_POSTGRES").ValueFrom.SecretKeyRef;
        return (key.Name, key.Key);
    }
}
