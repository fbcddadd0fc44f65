using System.Collections.ObjectModel;
using System.Diagnostics;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

/// <summary>Consecutive batches that commit together.</summary>
internal sealed class CommitGroup
{
    private const long None = long.MinValue;

    private readonly List<PendingBatch> _batches = [];
    private long _oldest = None;
    private ChunkResult? _result;

    public IReadOnlyList<PendingBatch> Batches => _batches;

    public bool IsEmpty => _batches.Count == 0;

    public long FirstOffset => _batches[0].FirstOffset;

    public long NextOffset => _batches[^1].NextOffset;

    public long Bytes { get; private set; }

    /// <summary>The timestamp of its oldest record; null before there is one. Is asked for by other threads too.</summary>
    public long? OldestTimestamp => Volatile.Read(ref _oldest) is var oldest && oldest == None ? null : oldest;

    /// <summary>Whether it has values that do not commit with the offset.</summary>
    public bool IsDelivered => _result?.IsDelivered ?? false;

    public long Records { get; private set; }

    public int DeadLetters => _result?.DeadLetters ?? 0;

    public int Retries => _result?.Retries ?? 0;

    /// <summary>Why records became dead letters, and how many.</summary>
    public IReadOnlyDictionary<DeadLetterCause, int> Causes => _result?.Causes ?? ReadOnlyDictionary<DeadLetterCause, int>.Empty;

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

        if (_oldest == None && batch.Work is not null)
        {
            Volatile.Write(ref _oldest, batch.Timestamp);
        }

        _batches.Add(batch);
        Bytes += batch.Bytes;
        Records += batch.Records;
    }

    /// <summary>Delivers what does not commit with the offset.</summary>
    public ValueTask DeliverAsync(TaskId task, CancellationToken cancellationToken) =>
        _result?.DeliverAsync(task, FirstOffset, NextOffset, cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>Makes the commit of the batches.</summary>
    /// <returns>The commit, and what it writes to each sink; nothing where no record was processed.</returns>
    public (Commit Commit, IReadOnlyList<SinkVolume> Written) ToCommit(TaskId task, long epoch) =>
        _result?.ToCommit(task, epoch, FirstOffset, NextOffset)
        ?? (new Commit(task, epoch, FirstOffset, NextOffset, [], [], DeadLetters: 0), []);
}

/// <summary>A batch between being accepted and being committed.</summary>
/// <param name="FirstOffset">The first offset taken of it.</param>
/// <param name="NextOffset">One past its last.</param>
/// <param name="Bytes">The bytes it holds of the read-ahead.</param>
/// <param name="Timestamp">Its oldest timestamp, in milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Trace">The span in which it is processed; none if it is not traced.</param>
/// <param name="Work">Completes with the outputs of the whole batch, in offset order; null if there is nothing to process.</param>
internal sealed record PendingBatch(
    long FirstOffset, long NextOffset, int Bytes, long Timestamp, ActivityContext Trace, Task<ChunkResult>? Work)
{
    public bool IsFinished => Work is null or { IsCompleted: true };

    /// <summary>How many of its records are processed.</summary>
    public long Records => Work is null ? 0 : NextOffset - FirstOffset;
}
