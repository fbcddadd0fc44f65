using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>A topic in memory.</summary>
internal sealed record TopicState(long Id, TopicDescription Description, PartitionState[] Partitions);
