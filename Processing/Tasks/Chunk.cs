using System.Diagnostics;

namespace Orleans.Pipeline.Tasks;

/// <summary>A run of records of one batch, handed to one worker. Workers change nothing in it, so it travels without a copy.</summary>
/// <param name="Task">The task.</param>
/// <param name="Source">The partition that the records were read from.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Skip">How many records of the batch to pass over.</param>
/// <param name="Count">How many records to process after those.</param>
internal sealed record Chunk(TaskId Task, TopicPartition Source, RecordBatch Batch, int Skip, int Count)
{
    /// <summary>Counts the chunk while a worker runs it; null if no progress is kept.</summary>
    internal TaskProgress? Progress { get; init; }

    /// <summary>When it was handed over, by the clock's timestamp.</summary>
    internal long HandedOverAt { get; init; }

    /// <summary>The span of its batch; null if that is not traced.</summary>
    internal Activity? Span { get; init; }
}
