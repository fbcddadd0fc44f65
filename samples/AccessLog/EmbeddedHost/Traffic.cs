using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace AccessLog.EmbeddedHost;

/// <summary>Requests and bytes of one status.</summary>
internal sealed record StatusTraffic(int Status, long Requests, long Bytes);

/// <summary>Answers with what the pipeline counted: a sink table is a table, which anybody reads by SQL.</summary>
internal static class Traffic
{
    private const string ByStatus = $"SELECT status, sum(requests), sum(bytes) FROM {AccessLogPipeline.TrafficTable} GROUP BY status ORDER BY status";

    public static void MapTraffic(this IEndpointRouteBuilder endpoints, string database)
    {
        SQLitePCL.Batteries_V2.Init();
        var connectionString = new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
        endpoints.MapGet("/traffic/by-status", () => TypedResults.Json(ReadByStatus(connectionString), TrafficJson.Default.ListStatusTraffic))
            .WithSummary("Traffic by status")
            .WithDescription("Requests and bytes that the pipeline has counted so far, by status.");
    }

    private static List<StatusTraffic> ReadByStatus(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = ByStatus;
        using var rows = command.ExecuteReader();
        var traffic = new List<StatusTraffic>();
        while (rows.Read())
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
