using System.Collections.Concurrent;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>In which segment an offset lies, for the partitions read here. What it remembers stays true until the segment is dropped.</summary>
internal sealed class SegmentMap(Database database)
{
    private readonly ConcurrentDictionary<int, PartitionSegment[]> _known = new();
    private readonly string _select =
        $"SELECT first_offset, segment_id FROM {database.Schema}.partition_segments WHERE partition_id = $1 ORDER BY first_offset";

    /// <summary>Finds the segment that holds an offset, as far as it is known.</summary>
    public int? Find(int partition, long offset)
    {
        int? found = null;
        foreach (var segment in _known.GetValueOrDefault(partition) ?? [])
        {
            if (segment.FirstOffset > offset)
            {
                break;
            }

            found = segment.Segment;
        }

        return found;
    }

    /// <summary>Looks the segments of a partition up again.</summary>
    public async Task RefreshAsync(NpgsqlConnection connection, int partition, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(_select, Of(partition));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var segments = new List<PartitionSegment>();
        while (await reader.ReadAsync(cancellationToken))
        {
            segments.Add(new(reader.GetInt64(0), reader.GetInt32(1)));
        }

        _known[partition] = [.. segments];
    }

    /// <summary>Forgets a partition that is gone.</summary>
    public void Forget(int partition) => _known.TryRemove(partition, out _);
}
