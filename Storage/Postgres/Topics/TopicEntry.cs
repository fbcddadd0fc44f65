namespace Orleans.Pipeline.Storage.Postgres.Topics;

/// <summary>A topic as it was last looked up. Its ids never change; its settings may have since, or the topic may be gone, and its ids with it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Description">What it is.</param>
/// <param name="Partitions">The ids of its partitions.</param>
internal sealed record TopicEntry(int Id, TopicDescription Description, int[] Partitions)
{
    /// <exception cref="UnknownPartitionException">It has no such partition.</exception>
    public int PartitionId(TopicPartition partition) => (uint)partition.Partition < (uint)Partitions.Length
        ? Partitions[partition.Partition]
        : throw new UnknownPartitionException(partition, Partitions.Length);
}
