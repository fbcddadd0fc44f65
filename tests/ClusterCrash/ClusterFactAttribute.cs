using Orleans.Pipeline.Storage.Tests.Postgres;

namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>A test of silo processes over a PostgreSQL server that it may stop and start.</summary>
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() =>
        Skip = PostgresInstallation.Find() is null ? "No PostgreSQL is installed here (Debian: postgresql)." : null;
}
