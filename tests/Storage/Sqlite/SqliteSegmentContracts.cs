using Orleans.Pipeline.Storage.Tests.Contracts;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

// The contracts with every batch in a segment of a few batches, so that segments begin, become sparse and go all the time.
public sealed class SqliteSegmentTopicLog() : TopicLogContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentSeveralPartitions() : SeveralPartitionsContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentIdempotence() : IdempotenceContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentTopics() : TopicContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentCheckpoints() : CheckpointStoreContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentForgetting() : ForgettingContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentSinkTables() : SinkTableContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentSqlTables() : SqlTableContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentRetention() : RetentionContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentSettling() : SettlingContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentMigration() : MigrationContract(new SqliteFixture(inSegments: true));

public sealed class SqliteSegmentSecondVersion() : SecondVersionContract(new SqliteFixture(inSegments: true));
