namespace Orleans.Pipeline;

/// <summary>A batch for a topic.</summary>
/// <param name="Partition">The partition to append to.</param>
/// <param name="Batch">The batch.</param>
public readonly record struct TopicAppend(TopicPartition Partition, RecordBatch Batch);
