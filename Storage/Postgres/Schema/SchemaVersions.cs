namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>What preparing a database's schema found and left.</summary>
/// <param name="Before">The version of the tables that were there; 0 if there were none.</param>
/// <param name="Now">The version that is there now.</param>
public readonly record struct SchemaVersions(int Before, int Now);
