using System.Collections.Concurrent;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>Maps offsets to segments for the partitions that this process reads. An entry is valid until its segment is dropped.</summary>
internal sealed class SegmentMap(Database database)
{
    private readonly ConcurrentDictionary<int, PartitionSegment[]> _known = new();
    private readonly string _select =
        $"SELECT first_offset, segment_id FROM {database.Schema}.partition_segments WHERE partition_id = $1 ORDER BY first_offset";

    /// <summary>Finds the segment that contains an offset; null if it is not known.</summary>
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

    public void Forget(int partition) => _known.TryRemove(partition, out _);
}

/// <param name="FirstOffset">The first offset of the partition in the segment.</param>
/// <param name="Segment">The segment's id.</param>
internal readonly record struct PartitionSegment(long FirstOffset, int Segment);
