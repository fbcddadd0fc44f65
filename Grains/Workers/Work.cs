using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// A chunk on its way to a worker. Task and worker are on one silo, so the chunk travels by reference. An order that is sent to another
/// silo arrives empty, and the worker refuses it.
/// </summary>
[GenerateSerializer, Immutable, Alias("pipeline.work-order")]
internal sealed class WorkOrder
{
    [NonSerialized]
    private readonly Chunk? _chunk;

    [NonSerialized]
    private readonly CancellationToken _stopped;

    /// <param name="chunk">The chunk.</param>
    /// <param name="stopped">Cancelled when the task stops; the result is then not needed.</param>
    public WorkOrder(Chunk chunk, CancellationToken stopped) => (_chunk, _stopped) = (chunk, stopped);

    /// <summary>Gets the chunk; null on another silo.</summary>
    public Chunk? Chunk => _chunk;

    public CancellationToken Stopped => _stopped;
}

/// <summary>The result of a chunk. The result never leaves the silo either.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.work-result")]
internal sealed class WorkResult
{
    [NonSerialized]
    private readonly ChunkResult? _result;

    /// <param name="result">The result; null if the order came from another silo.</param>
    public WorkResult(ChunkResult? result) => _result = result;

    /// <summary>Gets the result; null on another silo.</summary>
    public ChunkResult? Result => _result;
}
