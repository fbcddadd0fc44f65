using Orleans.Pipeline.Storage;

namespace Orleans.Pipeline.Testing.Memory;

/// <summary>The sink tables.</summary>
internal sealed class MemoryTables
{
    private readonly Dictionary<string, MemoryTable> _tables = new(StringComparer.Ordinal);

    /// <exception cref="TableMismatchException">The table does not exist.</exception>
    public MemoryTable Get(string name) =>
        _tables.GetValueOrDefault(name) ?? throw new TableMismatchException(name, "it does not exist, but rows are written to it");

    /// <summary>Creates a table, or checks that the existing one fits.</summary>
    /// <returns>Whether the table was created.</returns>
    public bool Prepare(TableSchema schema)
    {
        if (_tables.TryGetValue(schema.Name, out var existing))
        {
            existing.RequireFit(schema);
            return false;
        }

        _tables.Add(schema.Name, new(schema));
        return true;
    }

    /// <summary>Checks the tables and the rows of writes, after which <see cref="Write"/> cannot fail.</summary>
    /// <exception cref="TableMismatchException">A table does not exist, or does not fit.</exception>
    /// <exception cref="TableRowException">A row does not fit its table.</exception>
    public void Check(IReadOnlyList<TableWrite> writes)
    {
        foreach (var (schema, rows) in writes)
        {
            Get(schema.Name).RequireFit(schema);
            if (rows.Select(row => TableRow.FindFault(schema, row)).FirstOrDefault(found => found is not null) is { } fault)
            {
                throw new TableRowException(schema.Name, fault);
            }
        }
    }

    public void Write(IReadOnlyList<TableWrite> writes)
    {
        foreach (var (schema, rows) in writes)
        {
            _tables[schema.Name].Write(schema.Mode, rows);
        }
    }
}
