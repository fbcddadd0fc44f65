namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>A topic in memory.</summary>
internal sealed record TopicState(long Id, TopicDescription Description, PartitionState[] Partitions);
