using System.Collections.Concurrent;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Appending;

/// <summary>
/// Counts what goes into each topic from here; each time it is an eighth of a segment, has the topic's segment measured, and a new one
/// begun if it is full. So appends need no counter in the database, over which they would have to take turns.
/// </summary>
internal sealed class SegmentGrowth(Database database, long segmentBytes, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<int, long> _grown = new();
    private readonly long _measureAfter = Math.Max(segmentBytes / 8, 1);
    private readonly string _roll = $"SELECT {database.Schema}.roll_full($1, $2, $3)";

    public async ValueTask CountAsync(IEnumerable<AppendRequest> appended)
    {
        foreach (var request in appended)
        {
            await CountAsync(request.TopicId, request.Bytes);
        }
    }

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
            // The appends were made all the same; the segment is measured again after the next eighth.
        }
    }
}
