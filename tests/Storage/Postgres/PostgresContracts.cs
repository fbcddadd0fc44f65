using Orleans.Pipeline.Storage.Tests.Contracts;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

[RequiresPostgres]
public sealed class PostgresTopicLog() : TopicLogContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresSeveralPartitions() : SeveralPartitionsContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresIdempotence() : IdempotenceContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresTopics() : TopicContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresCheckpoints() : CheckpointStoreContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresForgetting() : ForgettingContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresSinkTables() : SinkTableContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresSqlTables() : SqlTableContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresRetention() : RetentionContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresSettling() : SettlingContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresMigration() : MigrationContract(new PostgresFixture());

[RequiresPostgres]
public sealed class PostgresSecondVersion() : SecondVersionContract(new PostgresFixture());
