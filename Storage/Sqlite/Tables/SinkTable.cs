using System.Globalization;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Tables;

/// <remarks>
/// A Boolean is 0 or 1. A timestamp is text in UTC in the format of SQLite's date functions, <c>2026-01-31 23:59:59</c>, with up to six
/// decimals. It is readable in a shell, and the order of the text is the order of time.
/// </remarks>
internal sealed class SinkTable(Connection connection, TableSchema schema) : IDisposable
{
    private const string MomentFormat = "yyyy-MM-dd HH:mm:ss.FFFFFF";

    private readonly Statement _write = connection.PrepareOnce(TableSql.Write(schema));

    public bool Fits(TableSchema other) =>
        ReferenceEquals(other, schema) || (other.Mode == schema.Mode && other.Columns.SequenceEqual(schema.Columns));

    /// <summary>Writes rows in order. After a refused row the earlier rows stay written.</summary>
    /// <exception cref="TableRowException">A row does not fit.</exception>
    /// <exception cref="TableMismatchException">The table was changed so that no row fits.</exception>
    public void Write(IReadOnlyList<TableValue[]> rows)
    {
        for (var index = 0; index < rows.Count; index++)
        {
            try
            {
                Write(rows[index]);
            }
            catch (SqliteFailureException failure) when (failure.IsFaultOfStatement)
            {
                throw new TableRowException(schema.Name, $"{failure.Reason}. The row is {string.Join(", ", rows[index])}");
            }
        }
    }

    public void Dispose() => _write.Dispose();

    /// <summary>
    /// Writes a row. SQLite has one code for an expression that fails on the row, and for a trigger that names what is not there, or was
    /// not when the schema was read last. So the row is written once more, with the schema read again and the statement prepared again.
    /// </summary>
    private void Write(TableValue[] row)
    {
        try
        {
            Bind(row);
            _write.Run();
            return;
        }
        catch (SqliteFailureException failure) when (failure.Code == raw.SQLITE_ERROR)
        {
            connection.QueryInteger("SELECT count(*) FROM sqlite_schema");
            RequirePreparable();
        }

        Bind(row);
        _write.Run();
    }

    private void RequirePreparable()
    {
        try
        {
            connection.PrepareOnce(TableSql.Write(schema)).Dispose();
        }
        catch (SqliteFailureException failure)
        {
            throw new TableMismatchException(schema.Name, failure.Reason);
        }
    }

    private void Bind(TableValue[] row)
    {
        if (TableRow.FindFault(schema, row) is { } fault)
        {
            throw new TableRowException(schema.Name, fault);
        }

        for (var index = 0; index < row.Length; index++)
        {
            if (row[index].Type == TableType.Null)
            {
                BindNull(index + 1);
            }
            else
            {
                BindPresent(index + 1, row[index]);
            }
        }
    }

    private void BindNull(int parameter)
    {
        if (schema.Mode == TableMode.Add)
        {
            _write.Bind(parameter, 0L);
        }
        else
        {
            _write.BindNull(parameter);
        }
    }

    private void BindPresent(int parameter, in TableValue value)
    {
        switch (value.Type)
        {
            case TableType.Real:
                _write.Bind(parameter, value.AsReal);
                break;
            case TableType.Text:
                _write.Bind(parameter, value.AsText);
                break;
            case TableType.Bytes:
                _write.Bind(parameter, value.AsBytes);
                break;
            case TableType.Timestamp:
                var moment = DateTimeOffset.UnixEpoch.AddTicks(value.AsInteger * TimeSpan.TicksPerMicrosecond);
                _write.Bind(parameter, moment.ToString(MomentFormat, CultureInfo.InvariantCulture));
                break;
            default:
                _write.Bind(parameter, value.AsInteger);
                break;
        }
    }
}
