using Orleans.Pipeline.Processing;

namespace Orleans.Pipeline.Grains;

/// <summary>
/// A chunk on its way to a worker. Both are on one silo, so it travels as it is; were it ever sent to another silo, it would
/// arrive empty, and the worker would refuse it.
/// </summary>
[GenerateSerializer, Immutable, Alias("pipeline.work-order")]
public sealed class WorkOrder
{
    [NonSerialized]
    private readonly Chunk? _chunk;

    /// <summary>Wraps a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    public WorkOrder(Chunk chunk) => _chunk = chunk;

    /// <summary>The chunk; null on another silo.</summary>
    public Chunk? Chunk => _chunk;
}

/// <summary>What a worker made of a chunk; it too never leaves the silo.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.work-result")]
public sealed class WorkResult
{
    [NonSerialized]
    private readonly ChunkResult? _result;

    /// <summary>Wraps a result.</summary>
    /// <param name="result">The result; null if the order came from another silo.</param>
    public WorkResult(ChunkResult? result) => _result = result;

    /// <summary>The result; null on another silo.</summary>
    public ChunkResult? Result => _result;
}
