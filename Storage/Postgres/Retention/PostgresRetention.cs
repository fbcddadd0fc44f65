using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Retention;

/// <summary>
/// Applies retention in two steps. The first moves the start of partitions past the batches to remove, which frees no space. The second
/// drops the segments in which no batch is kept, which frees all of their space without touching a row.
/// </summary>
/// <remarks>
/// A segment contains all partitions of its topic, so it stays until the slowest of them has passed it. Several processes may apply
/// retention at the same time.
/// </remarks>
internal sealed class PostgresRetention(Database database, TimeSpan producerExpiry)
{
    private readonly string _overdue =
        $"""
        SELECT o.partition_id, o.keep_from, t.name FROM {database.Schema}.overdue($1) o
        JOIN {database.Schema}.partitions p ON p.id = o.partition_id JOIN {database.Schema}.topics t ON t.id = p.topic_id
        """;

    private readonly string _hold = $"SELECT discarded FROM {database.Schema}.partitions WHERE id = $1 FOR NO KEY UPDATE";
    private readonly string _trim = $"SELECT {database.Schema}.trim($1, $2)";
    private readonly string _discarded = $"SELECT discarded FROM {database.Schema}.partitions WHERE id = $1";
    private readonly string _rollOld = $"SELECT {database.Schema}.roll_old($1)";
    private readonly string _spent = $"SELECT {database.Schema}.spent_segments()";
    private readonly string _drop = $"SELECT {database.Schema}.drop_segment($1)";
    private readonly string _forgetProducers =
        $"""
        DELETE FROM {database.Schema}.producers p
        WHERE p.seen_at < $1 AND NOT EXISTS (
            SELECT FROM {database.Schema}.producer_ids i WHERE i.id = p.producer_id AND (i.name IS NOT NULL OR i.opened_at >= $1))
        """;

    private readonly string _forgetIdentities =
        $"""
        DELETE FROM {database.Schema}.producer_ids i
        WHERE i.name IS NULL AND i.opened_at < $1 AND NOT EXISTS (SELECT FROM {database.Schema}.producers p WHERE p.producer_id = i.id)
        """;

    /// <returns>The number of records removed.</returns>
    public async Task<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        var removed = 0L;
        foreach (var (topic, partition, keepFrom) in await FindOverdueAsync(time, cancellationToken))
        {
            var (records, unread) = await TrimAsync(partition, keepFrom, cancellationToken);
            StoreTelemetry.NoteRemoved(topic, records, unread);
            removed += records;
        }

        await ExecuteAsync(connection => connection.Command(_rollOld, Of(time)), cancellationToken);
        await DropSpentAsync(cancellationToken);
        var since = time - (long)producerExpiry.TotalMilliseconds;
        await ExecuteAsync(connection => connection.Command(_forgetProducers, Of(since)), cancellationToken);
        await ExecuteAsync(connection => connection.Command(_forgetIdentities, Of(since)), cancellationToken);
        return removed;
    }

    /// <summary>Drops the segments in which no batch is kept, and those of deleted topics.</summary>
    public async ValueTask DropSpentAsync(CancellationToken cancellationToken)
    {
        var spent = await database.UseAsync(
            async (connection, cancellation) =>
            {
                await using var command = connection.Command(_spent);
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                var segments = new List<int>();
                while (await reader.ReadAsync(cancellation))
                {
                    segments.Add(reader.GetInt32(0));
                }

                return segments;
            },
            cancellationToken);
        foreach (var segment in spent)
        {
            await database.UseAsync((connection, cancellation) => DropAsync(connection, segment, cancellation), cancellationToken);
        }
    }

    private ValueTask<List<(TopicName Topic, int Partition, long KeepFrom)>> FindOverdueAsync(
        long now, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_overdue, Of(now));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var overdue = new List<(TopicName, int, long)>();
            while (await reader.ReadAsync(cancellation))
            {
                overdue.Add((new TopicName(reader.GetString(2)), reader.GetInt32(0), reader.GetInt64(1)));
            }

            return overdue;
        },
        cancellationToken);

    /// <summary>Trims a partition under its lock, so that the count of discarded records is exact.</summary>
    private ValueTask<(long Records, long Unread)> TrimAsync(
        int partition, long keepFrom, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Add(_hold, Of(partition));
            batch.Add(_trim, Of(partition), Of(keepFrom));
            batch.Add(_discarded, Of(partition));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var before = await NextAsync(reader, cancellation);
            await reader.NextResultAsync(cancellation);
            var removed = await NextAsync(reader, cancellation);
            await reader.NextResultAsync(cancellation);
            return (removed, await NextAsync(reader, cancellation) - before);
        },
        cancellationToken);

    private static async Task<long> NextAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0;

    /// <summary>
    /// Drops a segment, unless a reader or a late append holds it for 2 s, or another process has dropped it. The next run tries again.
    /// </summary>
    private async Task<bool> DropAsync(NpgsqlConnection connection, int segment, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = connection.Command(_drop, Of(segment));
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException refused)
            when (refused.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    private async ValueTask ExecuteAsync(
        Func<NpgsqlConnection, NpgsqlCommand> create, CancellationToken cancellationToken) => await database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = create(connection);
            return await command.ExecuteNonQueryAsync(cancellation);
        },
        cancellationToken);
}
