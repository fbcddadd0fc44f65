using Orleans.Pipeline.Checkpoints;

namespace Orleans.Pipeline.Processing;

/// <summary>Consecutive batches that commit together.</summary>
internal sealed class CommitGroup
{
    private readonly List<PendingBatch> _batches = [];
    private ChunkResult? _result;

    public IReadOnlyList<PendingBatch> Batches => _batches;

    public bool IsEmpty => _batches.Count == 0;

    public long FirstOffset => _batches[0].FirstOffset;

    public long NextOffset => _batches[^1].NextOffset;

    public long Bytes { get; private set; }

    public long Records { get; private set; }

    public int DeadLetters => _result?.DeadLetters ?? 0;

    public int Retries => _result?.Retries ?? 0;

    /// <summary>Adds a batch that is finished.</summary>
    public async ValueTask AddAsync(PendingBatch batch)
    {
        if (batch.Work is not null)
        {
            var result = await batch.Work;
            if (_result is null)
            {
                _result = result;
            }
            else
            {
                _result.Append(result);
            }
        }

        _batches.Add(batch);
        Bytes += batch.Bytes;
        Records += batch.Records;
    }

    /// <summary>Delivers what does not commit with the offset.</summary>
    public ValueTask DeliverAsync(TaskId task, CancellationToken cancellationToken) =>
        _result?.DeliverAsync(task, FirstOffset, NextOffset, cancellationToken) ?? ValueTask.CompletedTask;

    public Commit ToCommit(TaskId task, long epoch) =>
        _result?.ToCommit(task, epoch, FirstOffset, NextOffset) ?? new Commit(task, epoch, FirstOffset, NextOffset, [], [], DeadLetters: 0);
}
