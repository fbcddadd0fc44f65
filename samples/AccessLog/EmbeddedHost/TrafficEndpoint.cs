using Microsoft.Data.Sqlite;

namespace AccessLog.EmbeddedHost;

/// <summary>Returns the pipeline's counts.</summary>
internal static class TrafficEndpoint
{
    public static void MapTraffic(this IEndpointRouteBuilder endpoints, string database)
    {
        SQLitePCL.Batteries_V2.Init();
        var connectionString =
            new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
        endpoints.MapGet(Traffic.Path, async (CancellationToken cancellationToken) =>
            {
                await using var connection = new SqliteConnection(connectionString);
                await connection.OpenAsync(cancellationToken);
                return TypedResults.Json(
                    await Traffic.ReadByStatusAsync(connection, cancellationToken), TrafficJson.Default.ListStatusTraffic);
            })
            .WithSummary("Traffic by status")
            .WithDescription("Requests and bytes that the pipeline has counted so far, by status.");
    }
}
