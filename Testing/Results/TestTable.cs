using Orleans.Pipeline.Testing.Results;

namespace Orleans.Pipeline.Testing;

/// <summary>A sink table, as it stands when a test asks for it.</summary>
public sealed class TestTable
{
    private readonly TableSchema _schema;

    internal TestTable(TableSchema schema, IEnumerable<TableValue[]> rows)
    {
        _schema = schema;
        var read = rows.Select(row => new TestRow(schema, row));
        Rows = [.. schema.KeyColumns == 0 ? read : read.OrderBy(row => row.KeyText, StringComparer.Ordinal)];
    }

    /// <summary>Gets the rows: those of a table without a key in the order of their writing, others by their keys.</summary>
    public IReadOnlyList<TestRow> Rows { get; }

    /// <summary>Gets the row of a key.</summary>
    /// <param name="key">The values of the key columns, in their order.</param>
    /// <exception cref="PipelineTestException">There is no such row; the message names the keys that exist.</exception>
    public TestRow Row(params object?[] key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length != _schema.KeyColumns || key.Length == 0)
        {
            var columns = _schema.Columns.Where(column => column.IsKey).Select(column => column.Name).ToList();
            throw new PipelineTestException(columns.Count == 0
                ? $"Table '{_schema.Name}' has no key, so that no row can be found by one. Use Rows."
                : $"The key of table '{_schema.Name}' is '{string.Join("', '", columns)}', and {key.Length} values were given.");
        }

        var text = string.Join(", ", key.Select(TestRow.TextOf));
        return Rows.FirstOrDefault(row => row.KeyText == text) ?? throw Names.Unknown(
            $"Table '{_schema.Name}' has no row with the key '{text}'", text, "Keys in it", Rows.Select(row => row.KeyText));
    }

    /// <summary>Returns the rows, one a line, such as <c>country=NL, cents=4200</c>.</summary>
    public override string ToString() => string.Join('\n', Rows);
}
