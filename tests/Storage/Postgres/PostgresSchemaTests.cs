using Orleans.Pipeline.Storage.Postgres;
using Orleans.Pipeline.Storage.Postgres.Schema;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>The store's own tables and functions, however the database came to them.</summary>
[RequiresPostgres]
public sealed class PostgresSchemaTests : PostgresTest
{
    private const string Tables =
        """
        SELECT c.relname, c.relkind, c.reloptions::text, t.reloptions::text
        FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.relnamespace = 'pipeline'::regnamespace
        """;

    private const string Columns =
        """
        SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attstorage,
            a.attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'pipeline'::regnamespace AND a.attnum > 0
        """;

    private const string Indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'pipeline'";

    private const string Constraints =
        """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'pipeline'::regnamespace
        """;

    private const string Sequences =
        "SELECT sequencename, data_type::text, start_value, increment_by, cycle FROM pg_sequences WHERE schemaname = 'pipeline'";

    private const string Functions = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'pipeline'::regnamespace";
    private const string State = "SELECT version, obj_description('pipeline.store'::regclass, 'pg_class') FROM pipeline.store";
    private const string Sum = "SELECT pipeline.sum(1::bigint, 2::bigint)";
    private const string BreakSum =
        "CREATE OR REPLACE FUNCTION pipeline.sum(a bigint, b bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint'";

    [StoreFact]
    public async Task A_database_upgraded_from_the_first_version_is_as_one_made_new()
    {
        await using var upgraded = new PostgresFixture();
        await upgraded.OpenVersionAsync(1);
        await using var made = new PostgresFixture();
        await made.OpenAsync();
        await made.Log.CreateTopicAsync(Orders, new TopicSettings()); // the first version's topic, for its segment

        foreach (var query in new[] { Tables, Columns, Indexes, Constraints, Sequences, Functions, State })
        {
            var expected = await made.QueryAsync(query);
            Assert.NotEmpty(expected);
            Assert.Equal(expected.Order(StringComparer.Ordinal), (await upgraded.QueryAsync(query)).Order(StringComparer.Ordinal));
        }
    }

    [StoreFact]
    public async Task Functions_of_another_build_are_replaced()
    {
        await (await OpenAsync()).DisposeAsync();
        await ExecuteAsync($"{BreakSum}; COMMENT ON TABLE pipeline.store IS 'functions of another build'");
        Assert.Equal(0, await QueryAsync<long>(Sum));

        Assert.Equal(new SchemaVersions(SchemaMigration.Version, SchemaMigration.Version), await PostgresStore.PrepareAsync(Settings));

        Assert.Equal(3, await QueryAsync<long>(Sum));
    }

    [StoreFact]
    public async Task Functions_that_are_up_to_date_are_left_as_they_are()
    {
        const string Writers = "SELECT string_agg(xmin::text, ' ' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'pipeline'::regnamespace";
        await (await OpenAsync()).DisposeAsync();
        var writers = await QueryAsync<string>(Writers);

        await (await OpenAsync()).DisposeAsync();

        Assert.Equal(writers, await QueryAsync<string>(Writers));
    }

    [StoreFact]
    public async Task Functions_are_replaced_while_another_store_appends_and_no_append_fails()
    {
        const int Replacements = 20;
        var store = await OpenAsync();
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2 });
        using var stop = new CancellationTokenSource();
        var appending = new[] { Orders0, Orders1 }.Select(partition => AppendUntilAsync(store, partition, stop.Token)).ToArray();

        for (var replaced = 0; replaced < Replacements; replaced++)
        {
            await ExecuteAsync("COMMENT ON TABLE pipeline.store IS NULL");
            await Task.WhenAll(PostgresStore.PrepareAsync(Settings).AsTask(), PostgresStore.PrepareAsync(Settings).AsTask());
        }

        await stop.CancelAsync();
        var appended = await Task.WhenAll(appending);
        Assert.Equal(appended[0], (await ReadAllAsync(store, Orders0)).Count);
        Assert.Equal(appended[1], (await ReadAllAsync(store, Orders1)).Count);
    }

    private static async Task<int> AppendUntilAsync(PostgresStore store, TopicPartition partition, CancellationToken stop)
    {
        var appended = 0;
        do
        {
            await store.AppendAsync(partition, Batch.Of("a"), CancellationToken.None);
            appended++;
        }
        while (!stop.IsCancellationRequested);

        return appended;
    }
}
