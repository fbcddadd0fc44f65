using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Appending;

/// <summary>A batch as it waits to be appended.</summary>
internal sealed class AppendRequest(TopicPartition partition, RecordBatch batch) : Request<AppendResult>
{
    public TopicPartition Partition { get; } = partition;

    public RecordBatch Batch { get; } = batch;

    public int Bytes => Batch.Bytes.Length;

    /// <summary>The partition's id, once it was looked up.</summary>
    public int PartitionId { get; set; }

    /// <summary>The topic's id, once it was looked up.</summary>
    public int TopicId { get; set; }
}
