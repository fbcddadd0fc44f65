namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>The values of one column as an array that PostgreSQL takes.</summary>
internal static class ColumnArray
{
    /// <summary>PostgreSQL counts a moment's microseconds from 2000-01-01T00:00:00Z.</summary>
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
