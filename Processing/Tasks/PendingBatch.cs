using System.Diagnostics;

namespace Orleans.Pipeline.Tasks;

/// <summary>A batch between being accepted and being committed.</summary>
/// <param name="FirstOffset">The first offset taken of it.</param>
/// <param name="NextOffset">One past its last.</param>
/// <param name="Bytes">The bytes it holds of the read-ahead.</param>
/// <param name="Timestamp">Its oldest timestamp, in milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Trace">The span in which it is processed; none if it is not traced.</param>
/// <param name="Work">Completes with the outputs of the whole batch, in offset order; null if there is nothing to process.</param>
internal sealed record PendingBatch(long FirstOffset, long NextOffset, int Bytes, long Timestamp, ActivityContext Trace, Task<ChunkResult>? Work)
{
    public bool IsFinished => Work is null or { IsCompleted: true };

    /// <summary>How many of its records are processed.</summary>
    public long Records => Work is null ? 0 : NextOffset - FirstOffset;
}
