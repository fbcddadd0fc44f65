namespace Orleans.Pipeline.Storage.Sqlite.Tables;

/// <summary>
/// The SQL of a sink table. Tables are STRICT, so that no value changes its type. A table with a key is stored by its key (WITHOUT ROWID).
/// An integer sum is limited to the range of 64 bits, so that no record can stop a task. Key columns, and the values of a table in mode
/// Add, are NOT NULL: in SQL two nulls are not the same key, and a sum with a null is null.
/// </summary>
internal static class TableSql
{
    public static string Create(TableSchema schema)
    {
        var columns = schema.Columns.Select(column => $"{Quote(column.Name)} {TypeOf(column)}{ConstraintOf(schema, column)}");
        return schema.Mode == TableMode.Insert
            ? $"CREATE TABLE {Quote(schema.Name)} ({string.Join(", ", columns)}) STRICT"
            : $"CREATE TABLE {Quote(schema.Name)} ({string.Join(", ", columns)}, PRIMARY KEY ({Keys(schema)})) STRICT, WITHOUT ROWID";
    }

    public static string Write(TableSchema schema)
    {
        var names = string.Join(", ", schema.Columns.Select(column => Quote(column.Name)));
        var parameters = string.Join(", ", schema.Columns.Select((_, index) => $"?{index + 1}"));
        var insert = $"INSERT INTO {Quote(schema.Name)} ({names}) VALUES ({parameters})";
        return schema.Mode == TableMode.Insert ? insert : $"{insert} ON CONFLICT ({Keys(schema)}) DO {OnConflict(schema)}";
    }

    /// <summary>Returns SQLite's name for a type. A timestamp is text; see <see cref="SinkTable"/>.</summary>
    public static string TypeOf(TableColumn column) => column.Type switch
    {
        TableType.Real => "REAL",
        TableType.Text or TableType.Timestamp => "TEXT",
        TableType.Bytes => "BLOB",
        _ => "INTEGER",
    };

    private static string ConstraintOf(TableSchema schema, TableColumn column) =>
        column.IsKey ? " NOT NULL" : schema.Mode == TableMode.Add ? " NOT NULL DEFAULT 0" : "";

    private static string OnConflict(TableSchema schema)
    {
        var changes = schema.Columns.Where(column => !column.IsKey)
            .Select(column => (Name: Quote(column.Name), Sum: Sum(column)))
            .Select(column => $"{column.Name} = {(schema.Mode == TableMode.Add ? column.Sum : $"excluded.{column.Name}")}").ToArray();
        return changes.Length == 0 ? "NOTHING" : $"UPDATE SET {string.Join(", ", changes)}";
    }

    private static string Sum(TableColumn column)
    {
        const string Minimum = "(-9223372036854775807 - 1)";
        const string Maximum = "9223372036854775807";
        var present = Quote(column.Name);
        var added = $"excluded.{present}";
        return column.Type != TableType.Integer
            ? $"{present} + {added}"
            : $"CASE WHEN {added} > 0 AND {present} > {Maximum} - {added} THEN {Maximum} "
                + $"WHEN {added} < 0 AND {present} < {Minimum} - {added} THEN {Minimum} ELSE {present} + {added} END";
    }

    private static string Keys(TableSchema schema) =>
        string.Join(", ", schema.Columns.Where(column => column.IsKey).Select(column => Quote(column.Name)));

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
