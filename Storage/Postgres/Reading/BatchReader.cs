using System.Data;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Reading;

internal sealed class BatchReader(Database database)
{
    /// <summary>The maximum batches in one read. The query examines this many rows to find the requested bytes.</summary>
    private const int MaximumBatches = 1024;

    private readonly SegmentMap _segments = new(database);
    private readonly string _offsetAt = $"SELECT {database.Schema}.offset_at($1, $2)";
    private readonly string _bounds = $"{SelectBounds(database)} WHERE id = $1";
    private readonly string _allBounds =
        $"{SelectBounds(database)} JOIN unnest($1) WITH ORDINALITY AS wanted (id, place) USING (id) ORDER BY place";

    /// <summary>Gets the bounds of a partition; null if it does not exist any more.</summary>
    public ValueTask<PartitionBounds?> GetBoundsAsync(int partition, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_bounds, Of(partition));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await ReadBoundsAsync(reader, cancellation);
        },
        cancellationToken);

    /// <summary>Gets the bounds of partitions, in their order, without those that do not exist any more.</summary>
    public ValueTask<List<PartitionBounds>> GetBoundsAsync(int[] partitions, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_allBounds, Of(partitions));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var bounds = new List<PartitionBounds>(partitions.Length);
            while (await ReadBoundsAsync(reader, cancellation) is { } found)
            {
                bounds.Add(found);
            }

            return bounds;
        },
        cancellationToken);

    /// <summary>
    /// Finds the base offset of the first batch with a record at or after a time, in milliseconds; null if the partition does not exist
    /// any more.
    /// </summary>
    public ValueTask<long?> FindOffsetAsync(int partition, long timestamp, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_offsetAt, Of(partition), Of(timestamp));
            return await command.ExecuteScalarAsync(cancellation) as long?;
        },
        cancellationToken);

    /// <summary>Reads batches, starting with the one that contains an offset; none if no batch contains it.</summary>
    public ValueTask<ReadResult> ReadAsync(
        int partition, long offset, int maximumBytes, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            while (true)
            {
                var segment = _segments.Find(partition, offset);
                var result = await ReadAsync(connection, partition, segment, offset, maximumBytes, cancellation);
                if (result.Batches.Count > 0 || result.Bounds is not { } bounds || offset < bounds.Start || offset >= bounds.End)
                {
                    return result;
                }

                // The segment of the offset is newer than the map, or was dropped.
                await _segments.RefreshAsync(connection, partition, cancellation);
                if (_segments.Find(partition, offset) == segment)
                {
                    throw new StoreUnusableException(
                        $"The {database.Name} is damaged: partition {partition} holds offsets {bounds.Start} to {bounds.End}, "
                        + $"but no segment has {offset}. Restore it from a backup.");
                }
            }
        },
        cancellationToken);

    public void Forget(int partition) => _segments.Forget(partition);

    private async Task<ReadResult> ReadAsync(
        NpgsqlConnection connection, int partition, int? segment, long offset, int maximumBytes, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(_bounds, Of(partition));
        if (segment is { } known)
        {
            batch.Add(SelectBatches(known), Of(partition), Of(offset), Of((long)maximumBytes));
        }

        PartitionBounds? bounds = null;
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
            bounds = await ReadBoundsAsync(reader, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return new(bounds, bounds is { } held && offset >= held.Start ? await ReadBatchesAsync(reader, cancellationToken) : []);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable && segment is not null)
        {
            return new(bounds, []);
        }
    }

    /// <summary>
    /// Selects the first batch at or after an offset, and the batches after it up to a number of bytes. PostgreSQL stores the bytes of
    /// batches outside the rows (TOAST), so it reads only those of the selected batches.
    /// </summary>
    private string SelectBatches(int segment) =>
        $"""
        SELECT last_offset, records, batch FROM (
            SELECT last_offset, records, batch, bytes, sum(bytes) OVER (ORDER BY last_offset ROWS UNBOUNDED PRECEDING) AS total
            FROM {database.Schema}.segment_{segment}
            WHERE partition_id = $1 AND last_offset >= $2 ORDER BY last_offset LIMIT {MaximumBatches}) AS ahead
        WHERE total <= $3 OR total = bytes ORDER BY last_offset
        """;

    private static string SelectBounds(Database database) =>
        $"SELECT start_offset, end_offset, bytes_through - bytes_before, discarded FROM {database.Schema}.partitions";

    private static async Task<PartitionBounds?> ReadBoundsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3))
            : null;

    private static async Task<List<RecordBatch>> ReadBatchesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var batches = new List<RecordBatch>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var lastOffset = reader.GetInt64(0);
            var records = reader.GetInt32(1);
            var bytes = await reader.GetFieldValueAsync<byte[]>(2, cancellationToken);
            batches.Add(RecordBatch.Trust(bytes.AsMemory(), lastOffset - records + 1));
        }

        return batches;
    }
}

/// <param name="Bounds">The partition's bounds; null if it does not exist any more.</param>
/// <param name="Batches">The batches.</param>
internal readonly record struct ReadResult(PartitionBounds? Bounds, IReadOnlyList<RecordBatch> Batches);
