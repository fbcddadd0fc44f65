using System.Collections.Concurrent;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Topics;

/// <summary>
/// Counts the bytes that this process appends to each topic. After every eighth of a segment, the database measures the topic's segment
/// and starts a new one if it is full. So appends need no counter in the database, which would serialize them.
/// </summary>
internal sealed class SegmentGrowth(Database database, long segmentBytes, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<int, long> _grown = new();
    private readonly long _measureAfter = Math.Max(segmentBytes / 8, 1);
    private readonly string _roll = $"SELECT {database.Schema}.roll_full($1, $2, $3)";

    public async ValueTask CountAsync(int topic, int bytes)
    {
        if (_grown.AddOrUpdate(topic, bytes, (_, grown) => grown + bytes) < _measureAfter)
        {
            return;
        }

        _grown.TryRemove(topic, out _);
        try
        {
            await database.UseAsync(
                async (connection, cancellation) =>
                {
                    var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
                    await using var command = connection.Command(_roll, Of(topic), Of(segmentBytes), Of(now));
                    return await command.ExecuteNonQueryAsync(cancellation);
                },
                CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The appends have happened nevertheless; the segment is measured again after the next eighth.
        }
    }
}
