using System.Diagnostics.CodeAnalysis;

namespace Orleans.Pipeline.Tables;

/// <summary>
/// The rules for the definition of a sink table. They are the same in every store, so that a pipeline can move to another store unchanged.
/// </summary>
internal static class TableRules
{
    private const int MaximumNameLength = 63;

    /// <summary>Prefixes of the stores' own tables, and of the system tables of SQLite and PostgreSQL.</summary>
    private static readonly string[] ReservedPrefixes = ["pipeline_", "sqlite_", "pg_"];

    /// <exception cref="InvalidTableException">The definition breaks a rule; the message names it.</exception>
    public static void Validate(TableSchema schema)
    {
        if (FindFault(schema) is { } fault)
        {
            throw new InvalidTableException(schema.Name, fault);
        }
    }

    public static string? FindNameFault(string? name) =>
        IsName(name) && !Array.Exists(ReservedPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        ? null
        : "its name must be 1 to 63 lower-case letters, digits or '_', start with a letter, and not with 'pipeline_', 'sqlite_' or 'pg_'";

    public static string? FindColumnNameFault(string? name) => IsName(name)
        ? null
        : $"the column name '{name}' must be 1 to 63 lower-case letters, digits or '_', and start with a letter";

    private static string? FindFault(TableSchema schema)
    {
        if (FindNameFault(schema.Name) is { } fault)
        {
            return fault;
        }

        if (schema.Columns.Select(column => FindColumnNameFault(column.Name)).FirstOrDefault(found => found is not null) is { } misnamed)
        {
            return misnamed;
        }

        if (schema.Columns.Select(column => column.Name).Distinct().Count() != schema.Columns.Count)
        {
            return "two of its columns have the same name";
        }

        if (schema.Columns.FirstOrDefault(column => column.Type == TableType.Null || !Enum.IsDefined(column.Type)) is { } untyped)
        {
            return $"column '{untyped.Name}' has no type";
        }

        return FindFaultOfKeys(schema);
    }

    private static string? FindFaultOfKeys(TableSchema schema)
    {
        if (schema.Columns.Count == 0)
        {
            return "it has no columns";
        }

        if (schema.Mode == TableMode.Insert)
        {
            return schema.KeyColumns == 0 ? null : "a table that only grows has no key; use Upsert, or remove the key";
        }

        if (schema.KeyColumns == 0 || schema.Columns.Take(schema.KeyColumns).Any(column => !column.IsKey))
        {
            return "it needs at least one key column, and its key columns must come first";
        }

        return schema.Mode == TableMode.Add
            && schema.Columns.FirstOrDefault(
                column => !column.IsKey && column.Type is not (TableType.Integer or TableType.Real)) is { } unsummed
            ? $"column '{unsummed.Name}' is {unsummed.Type}; only Integer and Real can be added"
            : null;
    }

    private static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaximumNameLength } && char.IsAsciiLetterLower(name[0])
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_');
}
