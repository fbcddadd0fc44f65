using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Client;

/// <summary>A batch that was read ahead.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Batch">The batch, as it is in the log.</param>
/// <param name="From">The first offset wanted of it.</param>
/// <param name="Stop">The offset before which to stop.</param>
/// <param name="Since">The time, in milliseconds since 1970, before which its first records are passed over.</param>
internal readonly record struct FetchedBatch(int Partition, RecordBatch Batch, long From, long Stop, long Since);
