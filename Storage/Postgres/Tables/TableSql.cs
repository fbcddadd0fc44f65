using NpgsqlTypes;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>
/// The SQL of a sink table. Key columns, and the values of a table that adds, are NOT NULL: in SQL two nulls are not the same key,
/// and a sum with a null is null.
/// </summary>
/// <param name="storeSchema">The schema of the store's own tables, quoted.</param>
/// <param name="tableSchema">The schema of sink tables, unquoted.</param>
internal sealed class TableSql(string storeSchema, string tableSchema)
{
    public string Schema => tableSchema;

    public string Create(TableSchema table)
    {
        var columns = table.Columns.Select(column => $"{Quote(column.Name)} {TypeOf(column)}{ConstraintOf(table, column)}");
        var key = table.Mode == TableMode.Insert ? "" : $", PRIMARY KEY ({Keys(table)})";
        return $"CREATE TABLE {Name(table)} ({string.Join(", ", columns)}{key})";
    }

    /// <summary>
    /// Returns the statement that writes many rows, given as one array per column. The statement locks rows in the order of
    /// their keys, so that two commits cannot deadlock on a table.
    /// </summary>
    public string Write(TableSchema table)
    {
        var names = string.Join(", ", table.Columns.Select(column => Quote(column.Name)));
        var arrays = string.Join(", ", table.Columns.Select((column, index) => $"${index + 1}::{TypeOf(column)}[]"));
        var insert = $"INSERT INTO {Name(table)} AS present ({names}) SELECT * FROM unnest({arrays}) AS rows ({names})";
        return table.Mode == TableMode.Insert
            ? insert
            : $"{insert} ORDER BY {Keys(table)} ON CONFLICT ({Keys(table)}) DO {OnConflict(table)}";
    }

    public static string TypeOf(TableColumn column) => column.Type switch
    {
        TableType.Integer => "bigint",
        TableType.Real => "double precision",
        TableType.Text => "text",
        TableType.Bytes => "bytea",
        TableType.Boolean => "boolean",
        _ => "timestamp with time zone",
    };

    public static NpgsqlDbType ArrayTypeOf(TableColumn column) => NpgsqlDbType.Array | column.Type switch
    {
        TableType.Integer => NpgsqlDbType.Bigint,
        TableType.Real => NpgsqlDbType.Double,
        TableType.Text => NpgsqlDbType.Text,
        TableType.Bytes => NpgsqlDbType.Bytea,
        TableType.Boolean => NpgsqlDbType.Boolean,
        _ => NpgsqlDbType.TimestampTz,
    };

    private static string ConstraintOf(TableSchema table, TableColumn column) =>
        column.IsKey ? " NOT NULL" : table.Mode == TableMode.Add ? " NOT NULL DEFAULT 0" : "";

    private string OnConflict(TableSchema table)
    {
        var changes = table.Columns.Where(column => !column.IsKey).Select(column => Quote(column.Name))
            .Select(name => table.Mode == TableMode.Add
                ? $"{name} = {storeSchema}.sum(present.{name}, excluded.{name})"
                : $"{name} = excluded.{name}").ToArray();
        return changes.Length == 0 ? "NOTHING" : $"UPDATE SET {string.Join(", ", changes)}";
    }

    private string Name(TableSchema table) => $"{Quote(tableSchema)}.{Quote(table.Name)}";

    private static string Keys(TableSchema table) =>
        string.Join(", ", table.Columns.Where(column => column.IsKey).Select(column => Quote(column.Name)));

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
