namespace Orleans.Pipeline;

/// <summary>A sink table exists with other columns.</summary>
public sealed class TableMismatchException(string table, string fault) : PipelineException(
    $"Table '{table}' does not fit its definition: {fault}. Use another table name, or migrate the table first.");

/// <summary>A sink table's definition breaks a rule of the store.</summary>
public sealed class InvalidTableException(string table, string fault) : PipelineException(
    $"Table '{table}' cannot be made: {fault}. Change its definition.");

/// <summary>A row does not fit its sink table: a null key, a value of another type, one that a constraint on the table refuses. Nothing of the commit was made.</summary>
public sealed class TableRowException(string table, string fault) : PipelineException(
    $"A row for table '{table}' was refused, and with it the commit: {fault}. Correct the step that makes it.");
