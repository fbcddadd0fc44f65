using System.Data.Common;
using System.Text.Json.Serialization;

namespace AccessLog;

/// <summary>Requests and bytes of one status.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Requests">The number of requests with the status.</param>
/// <param name="Bytes">The bytes of their responses.</param>
public sealed record StatusTraffic(int Status, long Requests, long Bytes);

/// <summary>Reads the pipeline's counts by SQL. A sink table is an ordinary table.</summary>
public static class Traffic
{
    /// <summary>The hosts' path for the traffic.</summary>
    public const string Path = "/traffic/by-status";

    private const string ByStatus =
        $"SELECT CAST(status AS integer), CAST(sum(requests) AS bigint), CAST(sum(bytes) AS bigint) FROM {AccessLogPipeline.TrafficTable} GROUP BY status ORDER BY status";

    /// <summary>Reads the traffic by status.</summary>
    /// <param name="connection">An open connection to the database of the table.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<List<StatusTraffic>> ReadByStatusAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = ByStatus;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var traffic = new List<StatusTraffic>();
        while (await rows.ReadAsync(cancellationToken))
        {
            traffic.Add(new StatusTraffic(rows.GetInt32(0), rows.GetInt64(1), rows.GetInt64(2)));
        }

        return traffic;
    }
}

/// <summary>The source-generated JSON of the traffic.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<StatusTraffic>))]
public sealed partial class TrafficJson : JsonSerializerContext;
