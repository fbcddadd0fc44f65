using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// A chunk on its way to a worker. Both are on one silo, so it travels as it is; were it ever sent to another silo, it would
/// arrive empty, and the worker would refuse it.
/// </summary>
[GenerateSerializer, Immutable, Alias("pipeline.work-order")]
internal sealed class WorkOrder
{
    [NonSerialized]
    private readonly Chunk? _chunk;

    [NonSerialized]
    private readonly CancellationToken _stopped;

    /// <summary>Wraps a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="stopped">Cancelled when the task stops; the result is then not wanted.</param>
    public WorkOrder(Chunk chunk, CancellationToken stopped) => (_chunk, _stopped) = (chunk, stopped);

    /// <summary>The chunk; null on another silo.</summary>
    public Chunk? Chunk => _chunk;

    /// <summary>Cancelled when the task stops.</summary>
    public CancellationToken Stopped => _stopped;
}

/// <summary>What a worker made of a chunk; it too never leaves the silo.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.work-result")]
internal sealed class WorkResult
{
    [NonSerialized]
    private readonly ChunkResult? _result;

    /// <summary>Wraps a result.</summary>
    /// <param name="result">The result; null if the order came from another silo.</param>
    public WorkResult(ChunkResult? result) => _result = result;

    /// <summary>The result; null on another silo.</summary>
    public ChunkResult? Result => _result;
}
