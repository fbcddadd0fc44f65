using System.Globalization;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Topics;

/// <summary>Settles records and appends batches in one transaction, and lists the settled records.</summary>
internal sealed class Settlements(Database database, TopicDirectory topics, TopicOutputs outputs)
{
    private readonly string _lock = $"SELECT {database.Schema}.lock_partitions($1)";
    private readonly string _settle = $"SELECT {database.Schema}.settle($1, $2, $3)";
    private readonly string _list =
        $"""
        SELECT p.id, s.first_offset, s.next_offset
        FROM {database.Schema}.partitions p LEFT JOIN LATERAL (
            SELECT first_offset, next_offset FROM {database.Schema}.settled
            WHERE partition_id = p.id AND next_offset > $2 ORDER BY next_offset LIMIT $3) AS s ON true
        WHERE p.id = $1 ORDER BY s.next_offset
        """;

    public async Task SettleAsync(TopicPartition partition, IReadOnlyList<OffsetRange> ranges, IReadOnlyList<TopicAppend> appends)
    {
        while (!await TrySettleAsync(partition, ranges, appends))
        {
        }
    }

    public async ValueTask<IReadOnlyList<OffsetRange>> ListAsync(
        TopicPartition partition, long offset, int maximumCount, CancellationToken cancellationToken)
    {
        while (true)
        {
            var id = (await topics.GetAsync(partition.Topic, cancellationToken)).PartitionId(partition);
            if (await FindAsync(id, offset, maximumCount, cancellationToken) is { } ranges)
            {
                return ranges;
            }

            topics.Forget(partition.Topic);
        }
    }

    /// <returns>True if the records were settled; false if the ids of a topic were outdated, and have been forgotten.</returns>
    private async ValueTask<bool> TrySettleAsync(
        TopicPartition partition, IReadOnlyList<OffsetRange> ranges, IReadOnlyList<TopicAppend> appends)
    {
        var id = (await topics.GetAsync(partition.Topic, CancellationToken.None)).PartitionId(partition);
        var located = await outputs.LocateAsync(appends);
        try
        {
            await database.UseAsync((connection, _) => SendAsync(connection, id, ranges, located), CancellationToken.None);
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.UnknownPartition)
        {
            topics.Forget(partition.Topic);
            outputs.Forget(located);
            return false;
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.Settled)
        {
            var range = Numbers(refused);
            throw new RecordsSettledException(partition, new(range[0], range[1]));
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.OutOfRange)
        {
            var found = Numbers(refused);
            throw new OffsetOutOfRangeException(partition, found[0], found[1], found[2]);
        }

        await outputs.CountAsync(located);
        return true;
    }

    /// <summary>Locks all partitions first, in the same order as commits.</summary>
    private async Task<bool> SendAsync(
        NpgsqlConnection connection, int partition, IReadOnlyList<OffsetRange> ranges, List<TopicOutput> located)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(_lock, Of([partition, .. located.Select(output => output.PartitionId)]));
        batch.Add(_settle, Of(partition), Of([.. ranges.Select(range => range.First)]), Of([.. ranges.Select(range => range.Next)]));
        outputs.AddTo(batch, located);
        await outputs.ExecuteAsync(batch, results: 2, located);
        return true;
    }

    private static long[] Numbers(PostgresException refused) =>
        [.. refused.MessageText.Split(':').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];

    private ValueTask<List<OffsetRange>?> FindAsync(
        int partition, long offset, int maximumCount, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_list, Of(partition), Of(offset), Of(maximumCount));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            List<OffsetRange>? ranges = null;
            while (await reader.ReadAsync(cancellation))
            {
                ranges ??= [];
                if (!reader.IsDBNull(1))
                {
                    ranges.Add(new(reader.GetInt64(1), reader.GetInt64(2)));
                }
            }

            return ranges;
        },
        cancellationToken);
}
