using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Pipeline.Storage.Postgres.Schema;

/// <summary>
/// The SQL of the store's own tables and functions: <c>Tables.sql</c> creates the current version's tables in an empty database,
/// <c>Upgrades/n.sql</c> migrates the tables from version n - 1 to n, and <c>Functions/</c> holds each function once.
/// </summary>
/// <remarks>
/// <para>
/// Functions have no version. A process whose functions differ from those of the database replaces all of them. So within one version of
/// the tables a function keeps its parameters and its meaning: builds that run side by side call each other's functions.
/// </para>
/// <para>
/// <c>CREATE OR REPLACE</c> cannot change a function's parameters or result. The upgrade of a version that changes them drops the
/// function first, and keeps an overload for silos of the version before as long as they may run.
/// </para>
/// </remarks>
internal sealed class SchemaScripts
{
    private readonly string _schema;

    /// <param name="schema">The store's schema, quoted.</param>
    public SchemaScripts(string schema)
    {
        _schema = schema;
        Functions = Read("Functions/");
        FunctionsMark = $"functions {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Functions)))}";
    }

    public string Functions { get; }

    /// <summary>Gets the comment on the table <c>store</c> of a database that has exactly these functions.</summary>
    public string FunctionsMark { get; }

    /// <summary>Migrates the tables from a version, 0 for none, to the current one.</summary>
    public string TablesFrom(int version) => version == 0
        ? $"""
            CREATE SCHEMA IF NOT EXISTS {_schema};
            CREATE TABLE {_schema}.store (version integer NOT NULL);
            INSERT INTO {_schema}.store VALUES (0);
            {Read("Tables.sql")}
            """
        : string.Concat(Enumerable.Range(version + 1, SchemaMigration.Version - version).Select(next => Read($"Upgrades/{next}.sql")));

    private string Read(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var script = new StringBuilder();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            script.AppendLine(reader.ReadToEnd().Replace("{schema}", _schema, StringComparison.Ordinal));
        }

        return script.ToString();
    }
}
