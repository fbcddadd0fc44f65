using System.Collections.Frozen;
using Npgsql;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>
/// Decides whether the server refused a row for itself, or would refuse any row. What the list below does not have is of the row: the
/// classes of data and constraints, and whatever code a function of the administrator raises. See docs/tables.md.
/// </summary>
internal static class RowRefusal
{
    private static readonly FrozenSet<string> OfNoRow = FrozenSet.Create(
        StringComparer.Ordinal,
        "08", // connection
        "0A", // feature not supported
        "0B", "25", "2D", "3B", "40", "72", // transaction, savepoint, snapshot
        "0F", "0Z", "24", "26", "34", // locators, diagnostics, cursors, statements
        "0L", "0P", "28", "2B", "3D", "3F", // users, privileges, databases, schemas
        "42", // the statement does not fit the table, or may not use it
        "53", "55", "57", "58", // resources, locks, operators, the system
        "F0", "HV", "XX", // configuration, foreign servers, the server's own faults
        "2200H", // a sequence is used up
        PostgresErrorCodes.TooManyColumns, PostgresErrorCodes.TooManyArguments);

    /// <summary>The routine of the server that checks policies of rows and views; a missing privilege has the same SQLSTATE.</summary>
    private const string CheckOfPolicies = "ExecWithCheckOptions";

    /// <summary>Returns whether the row is at fault.</summary>
    /// <param name="failure">What the statement that writes rows failed with.</param>
    /// <param name="schema">The definition of its table; null if the failure came at the end of the transaction.</param>
    public static bool Is(PostgresException failure, TableSchema? schema)
    {
        var state = failure.SqlState;
        if (state == PostgresErrorCodes.NotNullViolation && failure.Where is null)
        {
            // Another column was added since the table was checked, and no row has a value for it.
            return schema?.Columns.Any(column => column.Name == failure.ColumnName) ?? true;
        }

        return state == PostgresErrorCodes.InsufficientPrivilege
            ? failure.Routine == CheckOfPolicies
            : !OfNoRow.Contains(state) && !OfNoRow.Contains(state[..2]);
    }
}
