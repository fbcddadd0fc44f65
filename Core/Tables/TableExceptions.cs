namespace Orleans.Pipeline;

/// <summary>Raised when a sink table exists whose columns differ from its definition.</summary>
public sealed class TableMismatchException(string table, string fault) : PipelineException(
    $"Table '{table}' does not fit its definition: {fault}. Use another table name, or migrate the table first.");

/// <summary>Raised when the definition of a sink table breaks a rule.</summary>
public sealed class InvalidTableException(string table, string fault) : PipelineException(
    $"Table '{table}' cannot be created: {fault}. Change its definition.");

/// <summary>
/// Raised when a row does not fit its sink table: a null key, a value of another type, or a value that a rule of the table refuses. Nothing
/// of the commit was written. The task then makes the commit in parts, and the record of the row becomes a dead letter.
/// </summary>
public sealed class TableRowException(string table, string fault) : PipelineException(
    $"Table '{table}' refused a row: {fault}. Nothing was written. Correct the step that makes the row, or the rule of the table.")
{
    /// <summary>Gets the name of the table.</summary>
    public string Table { get; } = table;
}
