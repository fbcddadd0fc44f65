using Orleans.Pipeline.Contracts;

namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>The embedded engine, on a real SQLite file.</summary>
public sealed class EngineTests : EngineBehaviour
{
    protected override Task<IEngineUnderTest> StartAsync() => EmbeddedUnderTest.StartAsync(Define);
}

/// <summary>Seeks of the embedded engine.</summary>
public sealed class SeekTests : SeekBehaviour
{
    protected override Task<IEngineUnderTest> StartAsync() => EmbeddedUnderTest.StartAsync(Define);
}
