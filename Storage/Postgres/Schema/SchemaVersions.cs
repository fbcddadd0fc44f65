namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>The versions of a database's schema before and after its preparation.</summary>
/// <param name="Before">The version before; 0 if the tables did not exist.</param>
/// <param name="Now">The version after.</param>
public readonly record struct SchemaVersions(int Before, int Now);
