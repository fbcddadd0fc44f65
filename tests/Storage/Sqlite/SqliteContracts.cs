using Orleans.Pipeline.Storage.Tests.Contracts;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

public sealed class SqliteTopicLog() : TopicLogContract(new SqliteFixture());
