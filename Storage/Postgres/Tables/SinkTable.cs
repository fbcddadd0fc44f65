using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>A sink table that was checked, and the statement that writes its rows.</summary>
internal sealed class SinkTable(TableSchema schema, string write)
{
    public TableSchema Schema => schema;

    /// <summary>Whether rows of a schema can be written here.</summary>
    public bool Fits(TableSchema other) =>
        ReferenceEquals(other, schema) || (other.Mode == schema.Mode && other.Columns.SequenceEqual(schema.Columns));

    /// <summary>Adds the statement that writes rows to a batch.</summary>
    /// <exception cref="TableRowException">A row does not fit.</exception>
    public void AddTo(NpgsqlBatch batch, IEnumerable<IReadOnlyList<TableValue[]>> writes)
    {
        var rows = new RowSet(schema);
        foreach (var row in writes.SelectMany(write => write))
        {
            rows.Add(row);
        }

        batch.Add(write, [.. schema.Columns.Select((column, index) => Commands.OfAny(ColumnArray.Of(column, rows.Rows, index), TableSql.ArrayTypeOf(column)))]);
    }
}
