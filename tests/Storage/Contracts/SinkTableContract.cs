namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for the rows that commits write.</summary>
public abstract class SinkTableContract(StoreFixture fixture) : TableTest(fixture)
{
    private static readonly TableSchema Events = new("events", TableMode.Insert,
    [
        new("number", TableType.Integer, IsKey: false),
        new("ratio", TableType.Real, IsKey: false),
        new("text", TableType.Text, IsKey: false),
        new("bytes", TableType.Bytes, IsKey: false),
        new("truth", TableType.Boolean, IsKey: false),
        new("moment", TableType.Timestamp, IsKey: false),
    ]);

    [StoreFact]
    public async Task Rows_add_up_by_key_over_commits_and_restarts()
    {
        await StartAsync(Traffic);
        await CommitAsync(Traffic, Row("GET", 200, 1, 0.5), Row("GET", 404, 1, 0.25), Row("GET", 200, 2, 0.5));
        await Fixture.ReopenAsync();
        await Checkpoints.PrepareTableAsync(Traffic);
        await CommitAsync(
            Traffic, Row("GET", 200, 10, 1.0), [TableValue.From("PUT"), TableValue.From(200), TableValue.Null, TableValue.Null]);

        Assert.Equal(
            ["GET|200|13|2", "GET|404|1|0.25", "PUT|200|0|0"],
            await Fixture.ReadRowsAsync("traffic", "method", "status", "requests", "seconds"));
    }

    [StoreFact]
    public async Task Rows_replace_those_with_their_key()
    {
        await StartAsync(Latest);
        await CommitAsync(
            Latest,
            [TableValue.From(1), TableValue.From("a"), TableValue.From(true)],
            [TableValue.From(2), TableValue.From("b"), TableValue.Null]);
        await CommitAsync(Latest, [TableValue.From(1), TableValue.Null, TableValue.From(false)]);

        Assert.Equal(["1|null", "2|b"], await Fixture.ReadRowsAsync("latest", "id", "name"));
    }

    [StoreFact]
    public async Task A_table_that_only_grows_keeps_every_row_and_every_type()
    {
        await StartAsync(Events);
        TableValue[] full =
        [
            TableValue.From(long.MinValue), TableValue.From(-1.5), TableValue.From("née 'Ω' \0 \"x\""), TableValue.From([0, 255]),
            TableValue.From(true), TableValue.From(new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero)),
        ];
        TableValue[] empty = [TableValue.Null, TableValue.Null, TableValue.From(""), TableValue.From(Array.Empty<byte>()), TableValue.From(false), TableValue.Null];
        await CommitAsync(Events, full, full, empty, [.. Enumerable.Repeat(TableValue.Null, 6)]);

        Assert.Equal(
            ["-9223372036854775808|-1.5|00FF", "-9223372036854775808|-1.5|00FF", "null|null|", "null|null|null"],
            await Fixture.ReadRowsAsync("events", "number", "ratio", "bytes"));
        Assert.Single(await Fixture.ReadRowsAsync("events", "text", "bytes"), row => row == "|");
    }

    [StoreFact]
    public async Task A_commit_of_which_a_row_does_not_fit_writes_nothing()
    {
        await StartAsync(Traffic, Latest);
        await CommitAsync(Traffic, Row("GET", 200, 7, 1.0));
        var rows = new TableWrite(Latest, [[TableValue.From(1), TableValue.From("a"), TableValue.Null]]);
        TableValue[] withoutKey = [TableValue.Null, TableValue.From(200), TableValue.From(1), TableValue.From(1.0)];
        var unfit = new TableWrite(Traffic, [Row("GET", 200, 1, 1.0), withoutKey]);
        var commit = new Commit(Task0, 1, Next, Next + 1, [new(Orders1, Batch.Of("lost"))], [rows, unfit], 3);

        var failing = Checkpoints.CommitAsync(commit).AsTask();
        var others = Enumerable.Range(0, 5).Select(index => AppendAsync(Orders1, $"{index}")).ToList();

        await Assert.ThrowsAsync<TableRowException>(() => failing);
        await Task.WhenAll(others).WaitAsync(Hang);
        Assert.Equal(["0", "1", "2", "3", "4"], await ReadAllAsync(Orders1));
        Assert.Empty(await Fixture.ReadRowsAsync("latest", "id"));
        Assert.Equal(["GET|200|7|1"], await Fixture.ReadRowsAsync("traffic", "method", "status", "requests", "seconds"));
        var checkpoint = (await Checkpoints.ListAsync()).Single();
        Assert.Equal((Next, 0), (checkpoint.NextOffset, checkpoint.DeadLetters));
        await CommitAsync(Traffic, Row("GET", 200, 1, 1.0));
        Assert.Equal(["GET|200|8|2"], await Fixture.ReadRowsAsync("traffic", "method", "status", "requests", "seconds"));
    }

    [StoreTheory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task A_sum_beyond_64_bits_stays_at_the_nearest_they_hold(long edge)
    {
        await StartAsync(Traffic);
        await CommitAsync(Traffic, Row("GET", 200, edge - (3 * Math.Sign(edge)), 0));

        await CommitAsync(Traffic, Row("GET", 200, 2 * Math.Sign(edge), 0));
        Assert.Equal([$"{edge - Math.Sign(edge)}"], await Fixture.ReadRowsAsync("traffic", "requests"));

        await CommitAsync(Traffic, Row("GET", 200, edge, 0));
        Assert.Equal([$"{edge}"], await Fixture.ReadRowsAsync("traffic", "requests"));
    }

    [StoreTheory]
    [InlineData(double.MaxValue, double.MaxValue, "Infinity")]
    [InlineData(double.MinValue, double.MinValue, "-Infinity")]
    [InlineData(double.PositiveInfinity, 1.0, "Infinity")]
    public async Task A_sum_beyond_the_largest_number_is_infinite(double first, double second, string sum)
    {
        await StartAsync(Traffic);
        await CommitAsync(Traffic, Row("GET", 200, 1, first));

        await CommitAsync(Traffic, Row("GET", 200, 1, second));

        Assert.Equal([sum], await Fixture.ReadRowsAsync("traffic", "seconds"));
    }

    [StoreFact]
    public async Task A_row_that_does_not_fit_is_refused_with_the_reason()
    {
        await StartAsync(Traffic);

        var noKey = await Assert.ThrowsAsync<TableRowException>(
            () => CommitAsync(Traffic, [TableValue.Null, TableValue.From(200), TableValue.From(1), TableValue.From(1.0)]));
        var type = await Assert.ThrowsAsync<TableRowException>(
            () => CommitAsync(Traffic, [TableValue.From("GET"), TableValue.From("200"), TableValue.From(1), TableValue.From(1.0)]));
        var length = await Assert.ThrowsAsync<TableRowException>(() => CommitAsync(Traffic, [TableValue.From("GET")]));
        var notANumber = await Assert.ThrowsAsync<TableRowException>(() => CommitAsync(Traffic, Row("GET", 200, 1, double.NaN)));

        Assert.Contains("key column 'method'", noKey.Message);
        Assert.Contains("column 'status' holds Integer, but was given the Text 200", type.Message);
        Assert.Contains("1 values for 4 columns", length.Message);
        Assert.Contains("NaN", notANumber.Message);
        Assert.Empty(await Fixture.ReadRowsAsync("traffic", "method"));
    }

    [StoreFact]
    public async Task A_table_is_prepared_again_without_harm()
    {
        await StartAsync(Traffic);
        await CommitAsync(Traffic, Row("GET", 200, 1, 0));
        await Checkpoints.PrepareTableAsync(Traffic);
        await CommitAsync(Traffic with { Columns = [.. Traffic.Columns] }, Row("GET", 200, 1, 0));

        Assert.Equal(["2"], await Fixture.ReadRowsAsync("traffic", "requests"));
    }

    [StoreFact]
    public async Task A_table_with_other_columns_is_refused_and_left_as_it_is()
    {
        await StartAsync(Traffic);
        await CommitAsync(Traffic, Row("GET", 200, 1, 0));
        TableColumn[] columns = [.. Traffic.Columns];
        (TableSchema Schema, string Fault)[] others =
        [
            (Traffic with { Columns = [.. columns, new("more", TableType.Real, false)] }, "'more'"),
            (Traffic with { Columns = [columns[0], columns[1], columns[2] with { Type = TableType.Real }, columns[3]] }, "'requests'"),
            (Traffic with { Columns = [columns[0], columns[1] with { IsKey = false }, .. columns[2..]] }, "'status'"),
            (Traffic with { Columns = [columns[0], columns[1] with { Name = "code" }, .. columns[2..]] }, "'code'"),
            (Traffic with { Mode = TableMode.Upsert }, "'requests'"),
        ];

        foreach (var (schema, fault) in others)
        {
            var mismatch = await Assert.ThrowsAsync<TableMismatchException>(() => Checkpoints.PrepareTableAsync(schema).AsTask());
            Assert.Contains(fault, mismatch.Message);
        }

        Assert.Equal(["GET|200|1|0"], await Fixture.ReadRowsAsync("traffic", "method", "status", "requests", "seconds"));
    }

    [StoreFact]
    public async Task Rows_for_a_table_that_was_not_prepared_are_refused()
    {
        await StartAsync();
        await Assert.ThrowsAsync<TableMismatchException>(() => CommitAsync(Traffic, Row("GET", 200, 1, 0)));
    }

    [StoreTheory]
    [InlineData("pipeline_batches")]
    [InlineData("Traffic")]
    [InlineData("1traffic")]
    [InlineData("traffic\"; DROP TABLE pipeline_batches; --")]
    [InlineData("")]
    public async Task A_table_or_column_name_outside_the_rule_is_refused(string name)
    {
        await Assert.ThrowsAsync<InvalidTableException>(() => Checkpoints.PrepareTableAsync(Traffic with { Name = name }).AsTask());
        var columns = name.StartsWith("pipeline_", StringComparison.Ordinal)
            ? []
            : Traffic.Columns.Append(new(name, TableType.Integer, false)).ToArray();
        await Assert.ThrowsAsync<InvalidTableException>(() => Checkpoints.PrepareTableAsync(Traffic with { Columns = columns }).AsTask());
    }

    [StoreFact]
    public async Task A_table_whose_kind_and_columns_do_not_go_together_is_refused()
    {
        TableColumn key = new("id", TableType.Integer, IsKey: true);
        TableColumn text = new("name", TableType.Text, IsKey: false);
        TableSchema[] schemas =
        [
            new("t", TableMode.Insert, [key, text]),
            new("t", TableMode.Upsert, [text]),
            new("t", TableMode.Upsert, [text, key]),
            new("t", TableMode.Add, [key, text]),
            new("t", TableMode.Upsert, [key, key]),
            new("t", TableMode.Insert, [text with { Type = TableType.Null }]),
        ];

        foreach (var schema in schemas)
        {
            await Assert.ThrowsAsync<InvalidTableException>(() => Checkpoints.PrepareTableAsync(schema).AsTask());
        }
    }
}
