using System.Data.Common;
using System.Text.Json.Serialization;

namespace AccessLog;

/// <summary>Requests and bytes of one status.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Requests">How many requests had it.</param>
/// <param name="Bytes">The bytes sent for them.</param>
public sealed record StatusTraffic(int Status, long Requests, long Bytes);

/// <summary>The pipeline's counts. A sink table is an ordinary table, so the counts are read by SQL.</summary>
public static class Traffic
{
    /// <summary>The hosts' path for the traffic.</summary>
    public const string Path = "/traffic/by-status";

    private const string ByStatus =
        $"SELECT CAST(status AS integer), CAST(sum(requests) AS bigint), CAST(sum(bytes) AS bigint) FROM {AccessLogPipeline.TrafficTable} GROUP BY status ORDER BY status";

    /// <summary>Reads the traffic by status.</summary>
    /// <param name="connection">A connection to the database of the table, open.</param>
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

/// <summary>The JSON of the traffic, generated when it is compiled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<StatusTraffic>))]
public sealed partial class TrafficJson : JsonSerializerContext;
