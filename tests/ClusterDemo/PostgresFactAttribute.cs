namespace Orleans.Pipeline.ClusterDemo.Tests;

/// <summary>A test that needs a PostgreSQL server: the one that <c>PIPELINE_POSTGRES</c> names, or one installed here to start its own.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = IsGiven || PostgresInstallation.Find() is not null
        ? null
        : "No PostgreSQL here: install one (Debian: postgresql), or set PIPELINE_POSTGRES to a connection string of one to use.";

    private static bool IsGiven => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PIPELINE_POSTGRES"));
}
