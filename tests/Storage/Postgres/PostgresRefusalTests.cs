using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Which errors of PostgreSQL are of a row, so that its record becomes a dead letter, and which are of no row.</summary>
[RequiresPostgres]
public sealed partial class PostgresRefusalTests : PostgresTest
{
    private static readonly TaskId Task0 = new("shop", "count", 0);
    private static readonly TableSchema Named = new(
        "named",
        TableMode.Upsert,
        [new("name", TableType.Text, true), new("note", TableType.Text, false), new("size", TableType.Integer, false)]);

    private static readonly string Random = Convert.ToBase64String(RandomNumberGenerator.GetBytes(6000))[..3000];

    private PostgresStore _store = null!;
    private long _next;

    public static TheoryData<string, string, string?> RulesOfRows => new()
    {
        { "23514", "ALTER TABLE named ADD CHECK (size > 0)", "x" },
        { "23502", "ALTER TABLE named ALTER note SET NOT NULL", null },
        { "23503", "CREATE TABLE notes (note text PRIMARY KEY); INSERT INTO notes VALUES ('1'), ('2'); "
            + "ALTER TABLE named ADD FOREIGN KEY (note) REFERENCES notes", "x" },
        { "23503", "CREATE TABLE notes (note text PRIMARY KEY); INSERT INTO notes VALUES ('1'), ('2'); "
            + "ALTER TABLE named ADD FOREIGN KEY (note) REFERENCES notes DEFERRABLE INITIALLY DEFERRED", "x" },
        { "23505", "CREATE UNIQUE INDEX ON named (note)", "1" },
        { "23505", "ALTER TABLE named ADD UNIQUE (note) DEFERRABLE INITIALLY DEFERRED", "1" },
        { "23P01", "ALTER TABLE named ADD EXCLUDE USING btree (note WITH =)", "1" },
        { "22001", "ALTER TABLE named ALTER note TYPE varchar(3)", "long" },
        { "22P02", "ALTER TABLE named ADD COLUMN number bigint GENERATED ALWAYS AS (note::bigint) STORED", "x" },
        { "22012", "ALTER TABLE named ADD CHECK (10 / (size + 1) >= 0)", "x" },
        { "22P02", "CREATE INDEX ON named ((note::json ->> 'a'))", "{" },
        { "54000", "CREATE INDEX ON named (note)", Random },
        { "54001", "CREATE FUNCTION deep(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN deep($1 + 1); END $$;"
            + Trigger("PERFORM deep(1);"), "x" },
        { "P0001", Trigger("RAISE 'no such size';"), "x" },
        { "P0001", Trigger("RAISE 'no such size';", "CONSTRAINT TRIGGER", "AFTER", "DEFERRABLE INITIALLY DEFERRED"), "x" },
        { "P0002", Trigger("SELECT note INTO STRICT NEW.note FROM named WHERE size = -2;"), "x" },
        { "P0004", Trigger("ASSERT NEW.size > 0;"), "x" },
        { "ZZ001", Trigger("RAISE 'no such size' USING ERRCODE = 'ZZ001';"), "x" },
        { "20000", Trigger("CASE NEW.size WHEN 1 THEN NULL; END CASE;"), "x" },
        { "21000", Trigger("NEW.note := (SELECT a::text FROM generate_series(1, 2) AS a);"), "x" },
        { "2F005", "CREATE FUNCTION checked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.size > 0 THEN RETURN NEW; END IF; END $$;"
            + "CREATE TRIGGER checked BEFORE INSERT ON named FOR EACH ROW EXECUTE FUNCTION checked()", "x" },
        { "23502", "CREATE TABLE copies (note text NOT NULL); " + Trigger("INSERT INTO copies VALUES (NULL);"), "x" },
    };

    public static TheoryData<string, string, string> FaultsOfNoRow => new()
    {
        { "2200H", "CREATE SEQUENCE ids MAXVALUE 2; SELECT nextval('ids'), nextval('ids'); "
            + "ALTER TABLE named ADD COLUMN id bigint; ALTER TABLE named ALTER id SET DEFAULT nextval('ids')", "ALTER SEQUENCE ids MAXVALUE 9" },
        { "23502", "ALTER TABLE named ADD COLUMN region text NOT NULL DEFAULT ''; ALTER TABLE named ALTER region DROP DEFAULT",
            "ALTER TABLE named DROP COLUMN region" },
        { "42883", Trigger("NEW.note := missing(1);"), "DROP TRIGGER checked ON named" },
        { "42703", "ALTER TABLE named RENAME note TO notes", "ALTER TABLE named RENAME notes TO note" },
        { "42P01", Trigger("INSERT INTO missing VALUES (1);"), "CREATE TABLE missing (id bigint)" },
        { "55P03", Trigger("RAISE 'try again' USING ERRCODE = 'lock_not_available';"), "DROP TRIGGER checked ON named" },
    };

    [StoreTheory]
    [MemberData(nameof(RulesOfRows))]
    public async Task A_row_that_a_rule_of_the_table_refuses_is_refused_with_the_database_s_message(string state, string rule, string? note)
    {
        await StartAsync();
        await ExecuteAsync(rule);

        var refused = await Assert.ThrowsAsync<TableRowException>(() => CommitAsync(Row("2", "2", 2), Row("bad", note, -1)));

        Assert.Equal("named", refused.Table);
        Assert.Contains($"({state})", refused.Message);
        await CommitAsync(Row("2", "2", 2));
        Assert.Equal(2, await QueryAsync<long>("SELECT count(*) FROM named"));
    }

    [StoreTheory]
    [MemberData(nameof(FaultsOfNoRow))]
    public async Task An_error_that_every_row_would_meet_is_of_no_row_and_passes_when_it_is_mended(string state, string fault, string mending)
    {
        await StartAsync();
        await ExecuteAsync(fault);

        var failure = await Assert.ThrowsAnyAsync<PipelineException>(() => CommitAsync(Row("bad", "2", -1)));

        Assert.False(failure is TableRowException, $"{state}: {failure.Message}");
        await ExecuteAsync(mending);
        await CommitAsync(Row("bad", "2", -1));
        Assert.Equal(2, await QueryAsync<long>("SELECT count(*) FROM named"));
    }

    [StoreFact]
    public async Task A_key_that_the_index_cannot_hold_is_of_its_row()
    {
        await StartAsync();

        var refused = await Assert.ThrowsAsync<TableRowException>(() => CommitAsync(Row("2", "2", 2), Row(Random, "3", 3)));

        Assert.Contains("index row size", refused.Message);
    }

    [StoreFact]
    public async Task A_row_that_a_policy_of_rows_refuses_is_of_its_row_and_a_missing_privilege_is_not()
    {
        var user = "app_" + Guid.NewGuid().ToString("N");
        var database = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD 'app'; GRANT CREATE ON DATABASE {database} TO {user}; GRANT ALL ON SCHEMA public TO {user}");
        try
        {
            var settings = Settings with
            {
                ConnectionString = new NpgsqlConnectionStringBuilder(ConnectionString) { Username = user, Password = "app" }.ConnectionString,
            };
            await StartAsync(settings);
            await ExecuteAsync(
                "ALTER TABLE named ENABLE ROW LEVEL SECURITY; ALTER TABLE named FORCE ROW LEVEL SECURITY; "
                + "CREATE POLICY sizes ON named USING (true) WITH CHECK (size > 0)");

            var policy = await Assert.ThrowsAsync<TableRowException>(() => CommitAsync(Row("bad", "2", -1)));
            Assert.Contains("(42501)", policy.Message);
            await CommitAsync(Row("2", "2", 2));

            await ExecuteAsync($"REVOKE INSERT ON named FROM {user}");
            var privilege = await Assert.ThrowsAsync<StoreUnavailableException>(() => CommitAsync(Row("3", "3", 3)));
            Assert.Contains("42501", privilege.Message);
        }
        finally
        {
            await ExecuteAsync($"DROP OWNED BY {user} CASCADE; DROP ROLE {user}");
        }
    }

    [StoreFact]
    public async Task A_row_that_a_view_does_not_show_and_one_without_a_partition_are_of_their_rows()
    {
        await StartAsync();
        var view = new TableSchema("large", TableMode.Insert, [new("size", TableType.Integer, false)]);
        var parted = new TableSchema("parted", TableMode.Insert, [new("size", TableType.Integer, false)]);
        await ExecuteAsync(
            "CREATE TABLE sizes (size bigint); CREATE VIEW large AS SELECT size FROM sizes WHERE size > 9 WITH CHECK OPTION; "
            + "CREATE TABLE parted (size bigint) PARTITION BY LIST (size); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)");

        foreach (var (table, state) in ((TableSchema, string)[])[(view, "44000"), (parted, "23514")])
        {
            await _store.PrepareTableAsync(table);
            var refused = await Assert.ThrowsAsync<TableRowException>(() => WriteAsync(table, [TableValue.From(5)]));
            Assert.Contains($"({state})", refused.Message);
        }
    }

    [StoreFact]
    public async Task Keys_that_the_table_takes_for_one_are_refused_together_and_taken_one_by_one()
    {
        await StartAsync();
        await ExecuteAsync("CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false); "
            + "ALTER TABLE named ALTER name TYPE text COLLATE caseless");

        var refused = await Assert.ThrowsAsync<TableRowException>(() => CommitAsync(Row("a", "2", 2), Row("A", "3", 3)));
        Assert.Contains("(21000)", refused.Message);

        await CommitAsync(Row("a", "2", 2));
        await CommitAsync(Row("A", "3", 3));
        Assert.Equal(3, await QueryAsync<long>("SELECT size FROM named WHERE name = 'a'"));
    }

    [StoreFact]
    public async Task Each_code_of_PostgreSQL_is_of_a_row_or_of_none_as_the_page_says()
    {
        await StartAsync();
        await ExecuteAsync(Trigger("RAISE 'raised' USING ERRCODE = NEW.note;"));
        var page = await File.ReadAllTextAsync(Repository.PathOf("docs", "tables.md"));
        var ofNoRow = Codes().Matches(page).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.True(ofNoRow.Count > 20, "The page has no list of codes.");
        var faults = new List<string>();
        var codes = typeof(PostgresErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).Where(code => code != PostgresErrorCodes.SuccessfulCompletion).Distinct().ToList();
        Assert.True(codes.Count > 200);

        foreach (var code in codes)
        {
            var failure = await Assert.ThrowsAnyAsync<PipelineException>(() => CommitAsync(Row("bad", code, -1)));
            if (failure is TableRowException == (ofNoRow.Contains(code) || ofNoRow.Contains(code[..2])))
            {
                faults.Add($"{code}: {failure.Message}");
            }
        }

        Assert.Empty(faults);
        await CommitAsync(Row("2", "2", 2));
    }

    private static string Trigger(string body, string kind = "TRIGGER", string when = "BEFORE", string options = "") =>
        $"CREATE FUNCTION checked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.size < 0 THEN {body} END IF; RETURN NEW; END $$;"
        + $"CREATE {kind} checked {when} INSERT ON named {options} FOR EACH ROW EXECUTE FUNCTION checked()";

    private static TableValue[] Row(string name, string? note, long size) =>
        [TableValue.From(name), TableValue.From(note), TableValue.From(size)];

    private async Task StartAsync(PostgresStoreSettings? settings = null)
    {
        _store = await OpenAsync(settings);
        await _store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 1 });
        await _store.AppendAsync(Orders0, Batch.Of("a", "b", "c"));
        await _store.TakeOverAsync(Task0, Orders0, 0);
        await _store.PrepareTableAsync(Named);
        await CommitAsync(Row("1", "1", 1));
    }

    private Task CommitAsync(params TableValue[][] rows) => WriteAsync(Named, rows);

    private async Task WriteAsync(TableSchema table, params TableValue[][] rows)
    {
        await _store.CommitAsync(new Commit(Task0, 1, _next, _next + 1, [], [new(table, rows)], 0));
        _next++;
    }

    [GeneratedRegex(@"^\| `([0-9A-Z]{2}(?:[0-9A-Z]{3})?)` \|", RegexOptions.Multiline)]
    private static partial Regex Codes();
}
