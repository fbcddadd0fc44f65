using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Orleans.Pipeline.Silo;

namespace AccessLog.SiloHost;

/// <summary>Returns the pipeline's counts from the silo's database, SQLite or PostgreSQL.</summary>
internal static class TrafficEndpoint
{
    public static void MapTraffic(this WebApplication app, SiloSettings settings)
    {
        app.MapGet(Traffic.Path, async (CancellationToken cancellationToken) =>
            {
                await using var connection = Connect(settings);
                await connection.OpenAsync(cancellationToken);
                return TypedResults.Json(
                    await Traffic.ReadByStatusAsync(connection, cancellationToken), TrafficJson.Default.ListStatusTraffic);
            })
            .WithSummary("Traffic by status")
            .WithDescription("Requests and bytes that the pipeline has counted so far, by status.");
    }

    private static DbConnection Connect(SiloSettings settings)
    {
        if (settings.Postgres is { } postgres)
        {
            return new NpgsqlConnection(postgres);
        }

        SQLitePCL.Batteries_V2.Init();
        return new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = settings.Database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
    }
}
