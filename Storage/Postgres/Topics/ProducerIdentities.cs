using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Topics;

internal sealed class ProducerIdentities(Database database, TimeProvider timeProvider)
{
    private readonly string _open = $"SELECT id, epoch FROM {database.Schema}.open_producer($1, $2)";

    private readonly string _count =
        $"""
        SELECT array_agg(coalesce(r.records, 0) ORDER BY p.number)
        FROM {database.Schema}.topics t JOIN {database.Schema}.partitions p ON p.topic_id = t.id
        LEFT JOIN {database.Schema}.producers r ON r.producer_id = $2 AND r.partition_id = p.id
        WHERE t.name = $1
        """;

    public ValueTask<ProducerIdentity> OpenAsync(string? name, CancellationToken cancellationToken) =>
        database.UseAsync(
            async (connection, cancellation) =>
            {
                var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
                await using var command = connection.Command(_open, OfAny(name, NpgsqlTypes.NpgsqlDbType.Text), Of(now));
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                await reader.ReadAsync(cancellation);
                return new ProducerIdentity(reader.GetInt64(0), reader.GetInt16(1));
            },
            cancellationToken);

    /// <summary>Counts a producer's records in each partition of a topic; null if the topic does not exist.</summary>
    public ValueTask<long[]?> CountRecordsAsync(TopicName topic, long producer, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_count, Of(topic.Value), Of(producer));
            return await command.ExecuteScalarAsync(cancellation) as long[];
        },
        cancellationToken);
}
