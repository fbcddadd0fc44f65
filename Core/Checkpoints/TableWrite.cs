namespace Orleans.Pipeline;

/// <summary>Rows for a sink table.</summary>
/// <param name="Table">The table; <see cref="ICheckpointStore.PrepareTableAsync"/> must have prepared it.</param>
/// <param name="Rows">The rows; each has one value per column of the table, in the schema's order.</param>
public readonly record struct TableWrite(TableSchema Table, IReadOnlyList<TableValue[]> Rows);
