using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>A checked sink table, and the statement that writes its rows.</summary>
internal sealed class SinkTable(TableSchema schema, string write)
{
    public TableSchema Schema => schema;

    public bool Fits(TableSchema other) =>
        ReferenceEquals(other, schema) || (other.Mode == schema.Mode && other.Columns.SequenceEqual(schema.Columns));

    /// <exception cref="TableRowException">A row does not fit.</exception>
    public void AddTo(NpgsqlBatch batch, IEnumerable<IReadOnlyList<TableValue[]>> writes)
    {
        var rows = new RowSet(schema);
        foreach (var row in writes.SelectMany(write => write))
        {
            rows.Add(row);
        }

        batch.Add(write, [.. schema.Columns.Select((column, index) =>
            Commands.OfAny(ColumnArray.Of(column, rows.Rows, index), TableSql.ArrayTypeOf(column)))]);
    }
}

internal static class ColumnArray
{
    /// <summary>PostgreSQL counts microseconds from 2000-01-01T00:00:00Z.</summary>
    private static readonly long EpochMicroseconds =
        (new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static Array Of(TableColumn column, List<TableValue[]> rows, int index) => column.Type switch
    {
        TableType.Integer => Present(rows, index, value => value.AsInteger),
        TableType.Real => Present(rows, index, value => value.AsReal),
        TableType.Boolean => Present(rows, index, value => value.AsInteger != 0),
        TableType.Timestamp => Present(rows, index, value => value.AsInteger - EpochMicroseconds),
        TableType.Text => rows.Select(row => row[index]).Select(value => value.Type == TableType.Null ? null : value.AsText).ToArray(),
        _ => rows.Select(row => row[index]).Select(value => value.Type == TableType.Null ? null : value.AsBytes).ToArray(),
    };

    private static T?[] Present<T>(List<TableValue[]> rows, int index, Func<TableValue, T> read)
        where T : struct
    {
        var values = new T?[rows.Count];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = rows[row][index].Type == TableType.Null ? null : read(rows[row][index]);
        }

        return values;
    }
}
