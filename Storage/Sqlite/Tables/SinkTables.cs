using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Tables;

/// <summary>Creates, checks and writes sink tables on the writer thread.</summary>
internal sealed class SinkTables(Connection connection) : IDisposable
{
    private readonly Dictionary<string, SinkTable> _tables = [];
    private readonly Statement _savepoint = connection.Prepare("SAVEPOINT pipeline_rows");
    private readonly Statement _release = connection.Prepare("RELEASE pipeline_rows");
    private readonly Statement _rollBack = connection.Prepare("ROLLBACK TO pipeline_rows");

    /// <summary>Creates a table, or checks that the existing one fits.</summary>
    public bool Prepare(TableSchema schema)
    {
        var existing = FindColumns(schema.Name);
        if (existing.Count == 0)
        {
            Create(schema);
        }
        else
        {
            RequireFit(existing, schema);
        }

        return existing.Count == 0;
    }

    /// <summary>Writes all rows or none.</summary>
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
                Write(writes[index]);
            }
        }
        catch (PipelineException refusal)
        {
            if (!connection.InTransaction)
            {
                throw new RolledBackException(refusal);
            }

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

    private void Write(in TableWrite write)
    {
        var table = Find(write.Table);
        try
        {
            table.Write(write.Rows);
        }
        catch (TableRowException)
        {
            RequireFit(FindColumns(write.Table.Name), write.Table); // Of a table that was changed, no row is at fault.
            throw;
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

        var existing = FindColumns(schema.Name);
        if (existing.Count == 0)
        {
            throw new TableMismatchException(schema.Name, "it does not exist, but rows are written to it");
        }

        RequireFit(existing, schema);
        table?.Dispose();
        return _tables[schema.Name] = new SinkTable(connection, schema);
    }

    /// <summary>Finds the columns of a table or view; empty if it does not exist.</summary>
    private List<ExistingColumn> FindColumns(string table)
    {
        using var statement = connection.PrepareOnce(
            "SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL OR hidden <> 0 FROM pragma_table_xinfo(?1) ORDER BY cid");
        statement.Bind(1, table);
        var columns = new List<ExistingColumn>();
        while (statement.Step())
        {
            columns.Add(new(statement.Text(0), statement.Text(1), statement.Integer(2) != 0, (int)statement.Integer(3))
            {
                HasDefault = statement.Integer(4) != 0,
            });
        }

        return columns;
    }

    private static void RequireFit(List<ExistingColumn> existing, TableSchema schema)
    {
        if (TableDifference.Find(schema, existing, TableSql.TypeOf) is { } difference)
        {
            throw new TableMismatchException(schema.Name, difference);
        }
    }
}
