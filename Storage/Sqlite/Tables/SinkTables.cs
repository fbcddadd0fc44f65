using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Tables;

/// <summary>The sink tables that were prepared, on the writer thread.</summary>
internal sealed class SinkTables(Connection connection) : IDisposable
{
    private readonly Dictionary<string, SinkTable> _tables = [];
    private readonly Statement _savepoint = connection.Prepare("SAVEPOINT pipeline_rows");
    private readonly Statement _release = connection.Prepare("RELEASE pipeline_rows");
    private readonly Statement _rollBack = connection.Prepare("ROLLBACK TO pipeline_rows");

    /// <summary>Creates a table, or checks that the one there fits.</summary>
    public bool Prepare(TableSchema schema)
    {
        var existing = ExistingTable.Find(connection, schema.Name);
        if (existing is null)
        {
            Create(schema);
        }
        else if (existing.FindDifference(schema) is { } difference)
        {
            throw new TableMismatchException(schema.Name, difference);
        }

        return existing is null;
    }

    /// <summary>Writes rows; if one cannot be written, none is.</summary>
    /// <exception cref="TableRowException">A row does not fit its table.</exception>
    public void Write(IReadOnlyList<TableWrite> writes)
    {
        if (writes.Count == 0)
        {
            return;
        }

        _savepoint.Run();
        try
        {
            for (var index = 0; index < writes.Count; index++)
            {
                Find(writes[index].Table).Write(writes[index].Rows);
            }
        }
        catch (PipelineException)
        {
            _rollBack.Run();
            _release.Run();
            throw;
        }

        _release.Run();
    }

    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }
    }

    private void Create(TableSchema schema)
    {
        try
        {
            connection.Execute(TableSql.Create(schema));
        }
        catch (SqliteFailureException failure) when (failure.IsFaultOfStatement)
        {
            throw new TableMismatchException(schema.Name, failure.Reason);
        }
    }

    private SinkTable Find(TableSchema schema)
    {
        if (_tables.TryGetValue(schema.Name, out var table) && table.Fits(schema))
        {
            return table;
        }

        if (ExistingTable.Find(connection, schema.Name) is not { } existing)
        {
            throw new TableMismatchException(schema.Name, "it does not exist, though rows are written to it");
        }

        if (existing.FindDifference(schema) is { } difference)
        {
            throw new TableMismatchException(schema.Name, difference);
        }

        table?.Dispose();
        return _tables[schema.Name] = new SinkTable(connection, schema);
    }
}
