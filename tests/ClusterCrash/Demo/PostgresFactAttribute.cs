namespace Orleans.Pipeline.ClusterCrash.Tests.Demo;

/// <summary>
/// A test that needs a PostgreSQL server: the one that <c>PIPELINE_POSTGRES</c> names, or one installed here to start its own.
/// </summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Given is not null || PostgresInstallation.Find() is not null
        ? null
        : "No PostgreSQL here: install one (Debian: postgresql), or set PIPELINE_POSTGRES to a connection string of one to use.";
}
