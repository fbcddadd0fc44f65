namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>
/// The tests need a PostgreSQL server: the one that <c>PIPELINE_POSTGRES</c> names, or one installed here to start their own.
/// </summary>
public sealed class RequiresPostgresAttribute : RequirementAttribute
{
    /// <summary>Whether it must be a server of their own, which they stop and start.</summary>
    public bool OwnServer { get; init; }

    public override string? Unmet => (!OwnServer && PostgresServer.Given is not null) || PostgresInstallation.Find() is not null
        ? null
        : "No PostgreSQL here: install one (Debian: postgresql), or set PIPELINE_POSTGRES to a connection string of one to use.";
}
