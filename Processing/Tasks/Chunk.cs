using System.Diagnostics;

namespace Orleans.Pipeline.Tasks;

/// <summary>Consecutive records of one batch, for one worker. Workers do not change a chunk, so it travels without a copy.</summary>
/// <param name="Task">The task.</param>
/// <param name="Source">The partition that the records were read from.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Skip">The number of records of the batch to skip.</param>
/// <param name="Count">The number of records to process after those.</param>
internal sealed record Chunk(TaskId Task, TopicPartition Source, RecordBatch Batch, int Skip, int Count)
{
    /// <summary>Counts the chunk while a worker runs it; null if no progress is kept.</summary>
    internal TaskProgress? Progress { get; init; }

    /// <summary>The clock's timestamp when the chunk was handed to the workers.</summary>
    internal long HandedOverAt { get; init; }

    /// <summary>The span of the batch; null if the batch is not traced.</summary>
    internal Activity? Span { get; init; }

    /// <summary>
    /// Why the database refuses the rows of the records, which then become dead letters without another run; null if none.
    /// </summary>
    internal TableRowException? Refusal { get; init; }
}
