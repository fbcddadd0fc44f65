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

    /// <summary>The timestamp of the oldest record; null if there is none. Other threads read it too.</summary>
    public long? OldestTimestamp => Volatile.Read(ref _oldest) is var oldest && oldest == None ? null : oldest;

    /// <summary>Whether the group has values for sinks outside the database.</summary>
    public bool IsDelivered => _result?.IsDelivered ?? false;

    /// <summary>How long the group waits for more before it is delivered; null if it does not.</summary>
    public DeliveryPace? Pace { get; private set; }

    public long Records { get; private set; }

    public int DeadLetters => _result?.DeadLetters ?? 0;

    public int Retries => _result?.Retries ?? 0;

    public IReadOnlyDictionary<DeadLetterCause, int> Causes => _result?.Causes ?? ReadOnlyDictionary<DeadLetterCause, int>.Empty;

    public async ValueTask AddAsync(PendingBatch batch)
    {
        if (batch.Work is not null)
        {
            var result = await batch.Work;
            Pace = DeliveryPace.Join(Pace, result.Pace);
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

    /// <summary>Has the sinks outside the database drop the delivered values of the group.</summary>
    public ValueTask ReopenAsync(TaskId task, CancellationToken cancellationToken) =>
        _result?.ReopenAsync(task, FirstOffset, cancellationToken) ?? ValueTask.CompletedTask;

    public ValueTask DeliverAsync(TaskId task, CancellationToken cancellationToken) =>
        _result?.DeliverAsync(task, FirstOffset, NextOffset, cancellationToken) ?? ValueTask.CompletedTask;

    /// <returns>The commit, and the volume that it writes to each sink; no volumes if no record was processed.</returns>
    public (Commit Commit, IReadOnlyList<SinkVolume> Written) ToCommit(TaskId task, long epoch) =>
        _result?.ToCommit(task, epoch, FirstOffset, NextOffset)
        ?? (new Commit(task, epoch, FirstOffset, NextOffset, [], [], DeadLetters: 0), []);
}

/// <summary>A batch that is accepted but not committed.</summary>
/// <param name="FirstOffset">The first offset taken from the batch.</param>
/// <param name="NextOffset">The offset after the batch's last.</param>
/// <param name="Bytes">The batch's bytes in the read-ahead.</param>
/// <param name="Timestamp">The base timestamp, usually that of the first record, in milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Trace">The span in which the batch is processed; the default value if it is not traced.</param>
/// <param name="Work">Completes with the outputs of the whole batch, in offset order; null if there is nothing to process.</param>
internal sealed record PendingBatch(
    long FirstOffset, long NextOffset, int Bytes, long Timestamp, ActivityContext Trace, Task<ChunkResult>? Work)
{
    public bool IsFinished => Work is null or { IsCompleted: true };

    /// <summary>The batch of the records; null for skipped offsets.</summary>
    public RecordBatch? Source { get; init; }

    /// <summary>The number of records to process; 0 for skipped offsets.</summary>
    public long Records => Work is null ? 0 : NextOffset - FirstOffset;
}
