using System.Globalization;
using Orleans.Pipeline.Testing.Results;

namespace Orleans.Pipeline.Testing;

/// <summary>A row of a sink table.</summary>
public sealed class TestRow
{
    private readonly TableSchema _schema;
    private readonly TableValue[] _values;

    internal TestRow(TableSchema schema, TableValue[] values)
    {
        _schema = schema;
        _values = [.. values];
        KeyText = string.Join(", ", _values.Take(schema.KeyColumns));
    }

    internal string KeyText { get; }

    /// <summary>Gets the value of a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <typeparam name="T">
    /// The value's type: an integer or floating number, <see cref="string"/>, <see cref="bool"/>, <see cref="DateTimeOffset"/> or an array
    /// of bytes; a nullable one for a value that may be null.
    /// </typeparam>
    /// <exception cref="PipelineTestException">There is no such column, or its value has another type.</exception>
    public T Get<T>(string column)
    {
        var index = _schema.Columns.Index().FirstOrDefault(item => item.Item.Name == column, (-1, null!)).Index;
        if (index < 0)
        {
            throw Names.Unknown(
                $"Table '{_schema.Name}' has no column '{column}'", column, "Its columns", _schema.Columns.Select(each => each.Name));
        }

        var value = ValueOf(_values[index]);
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        try
        {
            return value switch
            {
                null when default(T) is null => default!,
                long when (type.IsPrimitive && type != typeof(bool)) || type == typeof(decimal) =>
                    (T)Convert.ChangeType(value, type, CultureInfo.InvariantCulture),
                double when type == typeof(float) => (T)Convert.ChangeType(value, type, CultureInfo.InvariantCulture),
                T fitting => fitting,
                _ => throw Unfit(),
            };
        }
        catch (OverflowException)
        {
            throw Unfit();
        }

        PipelineTestException Unfit() => new(
            $"Column '{column}' of table '{_schema.Name}' is {_values[index].Type} '{_values[index]}', and was asked for as {typeof(T).Name}.");
    }

    /// <summary>Returns the row as <c>country=NL, cents=4200</c>.</summary>
    public override string ToString() =>
        string.Join(", ", _schema.Columns.Zip(_values, (column, value) => $"{column.Name}={value}"));

    /// <summary>Returns the row with twelve digits of each floating number, because their sums depend on the order of adding.</summary>
    internal string ToRoundedString() => string.Join(", ", _schema.Columns.Zip(_values, (column, value) => value.Type == TableType.Real
        ? $"{column.Name}={value.AsReal.ToString("G12", CultureInfo.InvariantCulture)}"
        : $"{column.Name}={value}"));

    /// <summary>Returns the text of a value as a table's value has it.</summary>
    internal static string TextOf(object? value) => value switch
    {
        null => TableValue.Null.ToString(),
        bool flag => TableValue.From(flag).ToString(),
        DateTimeOffset time => TableValue.From(time).ToString(),
        byte[] bytes => TableValue.From(bytes).ToString(),
        float or double => TableValue.From(Convert.ToDouble(value, CultureInfo.InvariantCulture)).ToString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static object? ValueOf(TableValue value) => value.Type switch
    {
        TableType.Null => null,
        TableType.Integer => value.AsInteger,
        TableType.Real => value.AsReal,
        TableType.Text => value.AsText,
        TableType.Bytes => value.AsBytes,
        TableType.Boolean => value.AsInteger != 0,
        _ => DateTimeOffset.UnixEpoch.AddTicks(value.AsInteger * TimeSpan.TicksPerMicrosecond),
    };
}
