using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Tables;

namespace Orleans.Pipeline;

/// <summary>Defines the columns of a sink table: key columns first, then columns (or sums, for a table of counters).</summary>
/// <typeparam name="T">The values that become rows.</typeparam>
public sealed class TableSink<T>
{
    private readonly List<(TableColumn Column, Func<T, TableValue> Read)> _columns = [];
    private readonly string _name;
    private readonly TableMode _mode;
    private string? _misfit;

    internal TableSink(string name, TableMode mode)
    {
        _name = name;
        _mode = mode;
    }

    /// <summary>Adds a key column of integers.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Key(string name, Func<T, long> read) =>
        Add(name, TableType.Integer, isKey: true, value => TableValue.From(read(value)));

    /// <summary>Adds a key column of text.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value; a null makes the record a dead letter.</param>
    public TableSink<T> Key(string name, Func<T, string> read) =>
        Add(name, TableType.Text, isKey: true, value => TableValue.From(read(value)));

    /// <summary>Adds a key column of Booleans.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Key(string name, Func<T, bool> read) =>
        Add(name, TableType.Boolean, isKey: true, value => TableValue.From(read(value)));

    /// <summary>Adds a key column of points in time.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Key(string name, Func<T, DateTimeOffset> read) =>
        Add(name, TableType.Timestamp, isKey: true, value => TableValue.From(read(value)));

    /// <summary>Adds a column of integers.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Column(string name, Func<T, long?> read) =>
        Add(name, TableType.Integer, isKey: false, value => read(value) is { } present ? TableValue.From(present) : TableValue.Null);

    /// <summary>Adds a column of numbers.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Column(string name, Func<T, double?> read) =>
        Add(name, TableType.Real, isKey: false, value => read(value) is { } present ? TableValue.From(present) : TableValue.Null);

    /// <summary>Adds a column of text.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Column(string name, Func<T, string?> read) =>
        Add(name, TableType.Text, isKey: false, value => TableValue.From(read(value)));

    /// <summary>Adds a column of bytes.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Column(string name, Func<T, byte[]?> read) =>
        Add(name, TableType.Bytes, isKey: false, value => TableValue.From(read(value)));

    /// <summary>Adds a column of Booleans.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Column(string name, Func<T, bool?> read) =>
        Add(name, TableType.Boolean, isKey: false, value => read(value) is { } present ? TableValue.From(present) : TableValue.Null);

    /// <summary>Adds a column of points in time.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the column's value.</param>
    public TableSink<T> Column(string name, Func<T, DateTimeOffset?> read) =>
        Add(name, TableType.Timestamp, isKey: false, value => read(value) is { } present ? TableValue.From(present) : TableValue.Null);

    /// <summary>Adds a column that sums integers. A sum beyond 64 bits stays at the nearest value that fits.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the number that a value adds.</param>
    public TableSink<T> Sum(string name, Func<T, long> read) => AddSum(name, TableType.Integer, value => TableValue.From(read(value)));

    /// <summary>Adds a column that sums numbers.</summary>
    /// <param name="name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
    /// <param name="read">Returns the number that a value adds.</param>
    public TableSink<T> Sum(string name, Func<T, double> read) => AddSum(name, TableType.Real, value => TableValue.From(read(value)));

    internal BoundSink<T> Bind(Func<string, InvalidPipelineException> invalid)
    {
        if ((_misfit ?? Fault() ?? FaultOfColumns()) is { } fault)
        {
            throw invalid($"table '{_name}': {fault}");
        }

        var ordered = _columns.Where(column => column.Column.IsKey).Concat(_columns.Where(column => !column.Column.IsKey)).ToArray();
        var schema = new TableSchema(_name, _mode, [.. ordered.Select(column => column.Column)]);
        return new BoundTableSink<T>(schema, [.. ordered.Select(column => column.Read)]);
    }

    private string? FaultOfColumns() =>
        _columns.Select(column => TableRules.FindColumnNameFault(column.Column.Name))
            .FirstOrDefault(fault => fault is not null) is { } fault ? $"{fault}." : null;

    private string? Fault()
    {
        if (TableRules.FindNameFault(_name) is { } fault)
        {
            return $"{fault}.";
        }

        if (_columns.GroupBy(column => column.Column.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            return $"two columns are named '{repeated.Key}'.";
        }

        var keys = _columns.Count(column => column.Column.IsKey);
        return (_mode, keys, _columns.Count - keys) switch
        {
            (TableMode.Insert, > 0, _) => "a table that only grows has no key; use Column, or Table.Upsert.",
            (TableMode.Insert, _, 0) => "it has no column; add one with Column.",
            (not TableMode.Insert, 0, _) => "it has no key; add one with Key.",
            (TableMode.Add, _, 0) => "it has no sum; add one with Sum.",
            _ => null,
        };
    }

    private TableSink<T> AddSum(string name, TableType type, Func<T, TableValue> read)
    {
        if (_mode != TableMode.Add)
        {
            _misfit ??= $"it does not add up, so '{name}' cannot be a sum; use Column('{name}', …), or Table.Add.";
        }

        return Append(name, type, isKey: false, read);
    }

    private TableSink<T> Add(string name, TableType type, bool isKey, Func<T, TableValue> read)
    {
        if (!isKey && _mode == TableMode.Add)
        {
            _misfit ??= $"it adds up, so '{name}' cannot be a column; use Sum('{name}', …), or Table.Upsert.";
        }

        return Append(name, type, isKey, read);
    }

    private TableSink<T> Append(string name, TableType type, bool isKey, Func<T, TableValue> read)
    {
        ArgumentNullException.ThrowIfNull(name);
        _columns.Add((new TableColumn(name, type, isKey), read));
        return this;
    }
}
