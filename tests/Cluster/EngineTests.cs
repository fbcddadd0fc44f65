using Orleans.Pipeline.Contracts;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>The cluster's engine, on three silos.</summary>
public sealed class EngineTests : EngineBehaviour
{
    protected override async Task<IEngineUnderTest> StartAsync() => await TestCluster.StartAsync(Define);
}

/// <summary>Seeks of the cluster's engine, on three silos.</summary>
public sealed class SeekTests : SeekBehaviour
{
    protected override async Task<IEngineUnderTest> StartAsync() => await TestCluster.StartAsync(Define);
}
