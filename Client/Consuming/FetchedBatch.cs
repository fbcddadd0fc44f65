namespace Orleans.Pipeline.Client.Consuming;

/// <summary>A batch that was read ahead.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Batch">The batch, as it is in the log.</param>
/// <param name="From">The first offset wanted of it.</param>
/// <param name="Stop">The offset before which to stop.</param>
internal readonly record struct FetchedBatch(int Partition, RecordBatch Batch, long From, long Stop);
