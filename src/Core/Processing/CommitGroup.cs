namespace Orleans.Pipeline.Processing;

/// <summary>Consecutive batches that commit together.</summary>
internal sealed class CommitGroup
{
    public CommitGroup(PendingBatch first, ChunkResult? result)
    {
        FirstOffset = first.FirstOffset;
        Add(first, result);
    }

    public List<PendingBatch> Batches { get; } = [];

    public long FirstOffset { get; }

    public long NextOffset { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The outputs of all of them, in offset order; null if none had any.</summary>
    public ChunkResult? Result { get; private set; }

    public void Add(PendingBatch batch, ChunkResult? result)
    {
        Batches.Add(batch);
        NextOffset = batch.NextOffset;
        Bytes += batch.Bytes;
        if (Result is null)
        {
            Result = result;
        }
        else if (result is not null)
        {
            Result.Append(result);
        }
    }
}
