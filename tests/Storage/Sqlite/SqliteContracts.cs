using Orleans.Pipeline.Storage.Tests.Contracts;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

public sealed class SqliteTopicLog() : TopicLogContract(new SqliteFixture());

public sealed class SqliteSeveralPartitions() : SeveralPartitionsContract(new SqliteFixture());

public sealed class SqliteIdempotence() : IdempotenceContract(new SqliteFixture());

public sealed class SqliteTopics() : TopicContract(new SqliteFixture());

public sealed class SqliteCheckpoints() : CheckpointStoreContract(new SqliteFixture());

public sealed class SqliteForgetting() : ForgettingContract(new SqliteFixture());

public sealed class SqliteSinkTables() : SinkTableContract(new SqliteFixture());

public sealed class SqliteSqlTables() : SqlTableContract(new SqliteFixture());

public sealed class SqliteRetention() : RetentionContract(new SqliteFixture());

public sealed class SqliteSettling() : SettlingContract(new SqliteFixture());

public sealed class SqliteMigration() : MigrationContract(new SqliteFixture());

public sealed class SqliteSecondVersion() : SecondVersionContract(new SqliteFixture());
