using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>How sink tables look to other programs on the database.</summary>
[RequiresPostgres]
public sealed class PostgresTableTests : PostgresTest
{
    private static readonly TaskId Task0 = new("shop", "count", 0);
    private static readonly TableSchema Named = new(
        "named", TableMode.Add, [new("name", TableType.Text, true), new("sum", TableType.Integer, false)]);

    private long _next;

    [StoreFact]
    public async Task Columns_have_the_types_that_are_natural_to_PostgreSQL()
    {
        var store = await StartAsync();
        await store.PrepareTableAsync(new("every", TableMode.Insert,
        [
            .. Enum.GetValues<TableType>().Where(type => type != TableType.Null).Select(type => new TableColumn(
                $"a_{type}".ToLowerInvariant(),
                type,
                false)),
        ]));

        Assert.Equal(
            "a_integer bigint, a_real double precision, a_text text, a_bytes bytea, a_boolean boolean, a_timestamp timestamp with time zone",
            await QueryAsync<string>(
                "SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'every'"));
    }

    [StoreFact]
    public async Task Moments_keep_their_microseconds_from_the_first_year_to_the_last()
    {
        var store = await StartAsync();
        var table = new TableSchema("moments", TableMode.Insert, [new("moment", TableType.Timestamp, false)]);
        await store.PrepareTableAsync(table);
        DateTimeOffset[] moments = [DateTimeOffset.MinValue, new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_990), DateTimeOffset.MaxValue];

        await CommitAsync(store, table, [.. moments.Select(moment => new[] { TableValue.From(moment) })]);

        Assert.Equal(
            "0001-01-01 00:00:00.000000, 1999-12-31 23:59:59.999999, 9999-12-31 23:59:59.999999",
            await QueryAsync<string>("SELECT string_agg(to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), ', ' ORDER BY moment) FROM moments"));
    }

    [StoreFact]
    public async Task Text_that_PostgreSQL_cannot_hold_is_stored_with_replacement_characters_and_its_rows_combined()
    {
        var store = await StartAsync();
        await store.PrepareTableAsync(Named);

        await CommitAsync(store, Named, Row("a\0b", 1), Row("a\uFFFDb", 2), Row("a\uD800b", 4), Row("a😀b", 8));

        Assert.Equal("a\uFFFDb 7, a😀b 8", await QueryAsync<string>("SELECT string_agg(name || ' ' || sum, ', ' ORDER BY sum) FROM named"));
    }

    [StoreFact]
    public async Task Numbers_that_differ_only_in_the_sign_of_zero_are_one_key()
    {
        var store = await StartAsync();
        var table = new TableSchema("zeros", TableMode.Upsert, [new("id", TableType.Real, true), new("text", TableType.Text, false)]);
        await store.PrepareTableAsync(table);

        await CommitAsync(store, table, [TableValue.From(-0.0), TableValue.From("a")], [TableValue.From(0.0), TableValue.From("b")]);

        Assert.Equal("b", await QueryAsync<string>("SELECT text FROM zeros"));
    }

    [StoreFact]
    public async Task A_table_dropped_by_another_program_is_named_and_can_be_prepared_again()
    {
        var store = await StartAsync();
        await store.PrepareTableAsync(Named);
        await CommitAsync(store, Named, Row("a", 1));
        await ExecuteAsync("DROP TABLE named");

        var refused = await Assert.ThrowsAsync<TableMismatchException>(() => CommitAsync(store, Named, Row("a", 1)));
        Assert.Contains("'named'", refused.Message);
        await store.PrepareTableAsync(Named);
        await CommitAsync(store, Named, Row("a", 1));

        Assert.Equal(1, await QueryAsync<long>("SELECT sum FROM named"));
    }

    [StoreFact]
    public async Task Tables_lie_where_the_connections_search_path_begins()
    {
        await ExecuteAsync("CREATE SCHEMA shop");
        var store = await StartAsync(Settings with { ConnectionString = $"{ConnectionString};Search Path=shop,public" });
        await store.PrepareTableAsync(Named);

        await CommitAsync(store, Named, Row("a", 1));

        Assert.Equal(1, await QueryAsync<long>("SELECT sum FROM shop.named"));
    }

    [StoreFact]
    public async Task A_definition_that_PostgreSQL_refuses_is_refused_with_its_reason()
    {
        var store = await StartAsync();

        var refused = await Assert.ThrowsAsync<InvalidTableException>(
            () => store.PrepareTableAsync(new("odd", TableMode.Insert, [new("ctid", TableType.Integer, false)])).AsTask());

        Assert.Contains("ctid", refused.Message);
    }

    [StoreFact]
    public async Task One_table_prepared_by_many_at_once_is_made_once()
    {
        var stores = new[] { await StartAsync(), await OpenAsync() };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(() => stores[index % 2].PrepareTableAsync(Named).AsTask())))
            .WaitAsync(Hang);

        await CommitAsync(stores[1], Named, Row("a", 1));
    }

    private static TableValue[] Row(string name, long sum) => [TableValue.From(name), TableValue.From(sum)];

    private async Task<PostgresStore> StartAsync(PostgresStoreSettings? settings = null)
    {
        var store = await OpenAsync(settings);
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 1 });
        await store.AppendAsync(Orders0, Batch.Of("a", "b", "c"));
        await store.TakeOverAsync(Task0, Orders0, 0);
        return store;
    }

    private async Task CommitAsync(PostgresStore store, TableSchema table, params TableValue[][] rows)
    {
        await store.CommitAsync(new Commit(Task0, 1, _next, _next + 1, [], [new(table, rows)], 0));
        _next++;
    }
}
