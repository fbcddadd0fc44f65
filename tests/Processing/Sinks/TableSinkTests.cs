using System.Globalization;
using Orleans.Pipeline.Processing.Tests.Pipelines;

namespace Orleans.Pipeline.Processing.Tests.Sinks;

public sealed class TableSinkTests
{
    [Fact]
    public async Task Records_with_one_key_become_one_row_of_their_sums()
    {
        var stage = Words(Table.Add<string>("t").Key("word", word => word).Sum("count", _ => 1).Sum("letters", word => word.Length).Sum(
            "half",
            _ => 0.5));

        Assert.Equal(["a 2 2 1", "bc 1 2 0.5"], (await stage.CommitOfAsync("a", "bc", "a")).RowsOf("t"));
    }

    [Fact]
    public async Task The_last_record_of_a_key_replaces_the_others()
    {
        var stage = Words(Table.Upsert<string>("t").Key("first", word => word[0]).Column("word", word => word));

        Assert.Equal(["97 ac", "98 ba"], (await stage.CommitOfAsync("ab", "ba", "ac")).RowsOf("t"));
    }

    [Theory]
    [InlineData(TableMode.Add, "1 4")]
    [InlineData(TableMode.Upsert, "1 3")]
    public async Task The_chunks_of_a_commit_are_combined_in_order(TableMode mode, string row)
    {
        var stage = Words(mode == TableMode.Add
            ? Table.Add<string>("t").Key("k", _ => 1).Sum("n", word => long.Parse(word, CultureInfo.InvariantCulture))
            : Table.Upsert<string>("t").Key("k", _ => 1).Column("n", word => long.Parse(word, CultureInfo.InvariantCulture)));

        await stage.RunAsync(Stage.Batch("1"));
        await stage.RunAsync(Stage.Batch("3"));

        Assert.Equal([row], stage.ToCommit().RowsOf("t"));
    }

    [Fact]
    public async Task Rows_of_a_growing_table_keep_the_order_of_their_records()
    {
        var stage = Words(Table.Insert<string>("t").Column("word", word => word).Column("length", word => word.Length));

        await stage.RunAsync(Stage.Batch("c", "a"));
        await stage.RunAsync(Stage.Batch("b", "a"));

        Assert.Equal(["c 1", "a 1", "b 1", "a 1"], stage.ToCommit().RowsOf("t"));
    }

    [Theory]
    [InlineData(TableMode.Add)]
    [InlineData(TableMode.Upsert)]
    public async Task A_record_without_a_key_is_a_dead_letter(TableMode mode)
    {
        var stage = Words(mode == TableMode.Add
            ? Table.Add<string>("t").Key("word", word => word == "none" ? null! : word).Sum("n", _ => 1)
            : Table.Upsert<string>("t").Key("word", word => word == "none" ? null! : word).Column("n", _ => 1));

        var commit = await stage.CommitOfAsync("a", "none", "b");

        Assert.Equal(["a 1", "b 1"], commit.RowsOf("t"));
        var headers = Assert.Single(commit.DeadLettersOf()).Headers;
        Assert.Contains("Column 'word' of table 't' is part of the key and was null. Give every key a value.", headers);
        Assert.Contains($"{DeadLetterHeaders.Attempts}=1", headers);
    }

    [Theory]
    [InlineData("nul", "Column 'text' of table 't' holds text with the character U+0000")]
    [InlineData("nan", "Column 'number' of table 't' was NaN. Give a finite number.")]
    public async Task What_no_store_could_hold_is_a_dead_letter(string word, string error)
    {
        var stage = Words(Table.Insert<string>("t")
            .Column("text", text => text == "nul" ? "a\0b" : text)
            .Column("number", text => text == "nan" ? double.NaN : 1.5));

        var commit = await stage.CommitOfAsync("a", word, "b");

        Assert.Equal(["a 1.5", "b 1.5"], commit.RowsOf("t"));
        Assert.Contains(error, Assert.Single(commit.DeadLettersOf()).Headers);
    }

    [Theory]
    [InlineData(long.MaxValue, 1, long.MaxValue)]
    [InlineData(long.MinValue, -1, long.MinValue)]
    [InlineData(long.MaxValue, -1, long.MaxValue - 1)]
    [InlineData(long.MinValue, long.MaxValue, -1)]
    [InlineData(long.MinValue, long.MinValue, long.MinValue)]
    [InlineData(-5, 5, 0)]
    public void A_sum_that_leaves_64_bits_stays_at_the_nearest_they_hold(long left, long right, long sum)
    {
        Assert.Equal(TableValue.From(sum), TableValue.Sum(TableValue.From(left), TableValue.From(right)));
        Assert.Equal(TableValue.From(sum), TableValue.Sum(TableValue.From(right), TableValue.From(left)));
    }

    [Fact]
    public async Task Every_type_of_column_keeps_its_value_and_null()
    {
        var moment = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
        var stage = Words(Table.Insert<string>("t")
            .Column("integer", word => word == "null" ? null : 7L)
            .Column("number", word => word == "null" ? null : 0.25)
            .Column("text", word => word == "null" ? null : word)
            .Column("bytes", word => word == "null" ? null : new byte[] { 1, 0xAB })
            .Column("flag", word => word == "null" ? null : true)
            .Column("moment", word => word == "null" ? null : moment));

        Assert.Equal(
            ["7 0.25 x 01AB true 2026-01-02T01:04:05.0000000+00:00", "null null null null null null"],
            (await stage.CommitOfAsync("x", "null")).RowsOf("t"));
    }

    [Fact]
    public async Task Every_type_of_key_tells_rows_apart()
    {
        var stage = Words(Table.Add<string>("t")
            .Key("text", word => word)
            .Key("integer", word => word.Length)
            .Key("flag", word => word.Length > 1)
            .Key("moment", word => DateTimeOffset.UnixEpoch.AddSeconds(word.Length))
            .Sum("n", _ => 1));

        Assert.Equal(
            ["a 1 false 1970-01-01T00:00:01.0000000+00:00 2", "aa 2 true 1970-01-01T00:00:02.0000000+00:00 1"],
            (await stage.CommitOfAsync("a", "aa", "a")).RowsOf("t"));
    }

    [Fact]
    public void Key_columns_come_first_in_the_schema()
    {
        var stage = Words(Table.Upsert<string>("t").Column("a", _ => 1).Key("k", _ => 1).Column("b", _ => 1));

        var table = Assert.Single(stage.Definition.Stages[0].Tables);
        Assert.Equal(["k", "a", "b"], table.Columns.Select(column => column.Name));
        Assert.Equal(1, table.KeyColumns);
    }

    [Fact]
    public async Task A_chunk_without_rows_writes_to_no_table()
    {
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text).Where(_ => false).To(Table.Insert<string>("t").Column(
            "w",
            word => word)));

        Assert.Empty((await stage.CommitOfAsync("a")).Tables);
    }

    private static Stage Words(TableSink<string> table) => new(pipeline => pipeline.From("source", Serializers.Text).To(table));
}
