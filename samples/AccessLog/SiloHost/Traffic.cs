using System.Text.Json.Serialization;
using Npgsql;

namespace AccessLog.SiloHost;

/// <summary>Requests and bytes of one status.</summary>
internal sealed record StatusTraffic(int Status, long Requests, long Bytes);

/// <summary>Answers with what the pipeline counted: a sink table is a table, which anybody reads by SQL.</summary>
internal static class Traffic
{
    private const string ByStatus =
        $"SELECT status::int, sum(requests)::bigint, sum(bytes)::bigint FROM {AccessLogPipeline.TrafficTable} GROUP BY status ORDER BY status";

    public static void MapTraffic(this WebApplication app, string connectionString)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        app.Lifetime.ApplicationStopped.Register(database.Dispose);
        app.MapGet("/traffic/by-status", async (CancellationToken cancellationToken) =>
                TypedResults.Json(await ReadByStatusAsync(database, cancellationToken), TrafficJson.Default.ListStatusTraffic))
            .WithSummary("Traffic by status")
            .WithDescription("Requests and bytes that the pipeline has counted so far, by status.");
    }

    private static async Task<List<StatusTraffic>> ReadByStatusAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ByStatus);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var traffic = new List<StatusTraffic>();
        while (await rows.ReadAsync(cancellationToken))
        {
            traffic.Add(new StatusTraffic(rows.GetInt32(0), rows.GetInt64(1), rows.GetInt64(2)));
        }

        return traffic;
    }
}

/// <summary>The JSON of the answer, generated when it is compiled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<StatusTraffic>))]
internal sealed partial class TrafficJson : JsonSerializerContext;
