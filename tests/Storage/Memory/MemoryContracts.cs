using Orleans.Pipeline.Storage.Tests.Contracts;

namespace Orleans.Pipeline.Storage.Tests.Memory;

public sealed class MemoryTopicLog() : TopicLogContract(new MemoryFixture());

public sealed class MemorySeveralPartitions() : SeveralPartitionsContract(new MemoryFixture());

public sealed class MemoryIdempotence() : IdempotenceContract(new MemoryFixture());

public sealed class MemoryTopics() : TopicContract(new MemoryFixture());

public sealed class MemoryCheckpoints() : CheckpointStoreContract(new MemoryFixture());

public sealed class MemoryForgetting() : ForgettingContract(new MemoryFixture());

public sealed class MemorySinkTables() : SinkTableContract(new MemoryFixture());

public sealed class MemoryRetention() : RetentionContract(new MemoryFixture());

public sealed class MemorySettling() : SettlingContract(new MemoryFixture());
