using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Silo.Migration;

/// <summary>The changes made to prepare the database.</summary>
/// <param name="Store">The versions of the store's schema.</param>
/// <param name="MadeOrleansTables">Whether the cluster's membership tables were created; false if they existed or are not used.</param>
internal sealed record DatabaseMigration(SchemaVersions Store, bool MadeOrleansTables)
{
    /// <summary>Creates or migrates the schemas that silos with these settings need in their database.</summary>
    public static async Task<DatabaseMigration> RunAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        var connectionString = settings.Postgres!;
        var store = await PostgresStore.PrepareAsync(new PostgresStoreSettings { ConnectionString = connectionString }, cancellationToken);
        var madeOrleansTables = settings.Clustering == SiloClustering.Postgres
            && await OrleansTables.PrepareAsync(connectionString, cancellationToken);
        return new(store, madeOrleansTables);
    }
}
