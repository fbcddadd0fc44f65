using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Topics;

/// <summary>
/// Manages topics, and caches the ids of those that this process uses. An id is never reused, so a query with an outdated id finds nothing;
/// the caller then forgets the topic and looks it up again.
/// </summary>
internal sealed class TopicDirectory(Database database, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<TopicName, TopicEntry> _known = new();
    private readonly string _find = $"{SelectTopics(database.Schema)} WHERE t.name = $1";
    private readonly string _list = $"{SelectTopics(database.Schema)} ORDER BY t.name";
    private readonly string _create = $"SELECT {database.Schema}.create_topic($1, $2, $3, $4, $5, $6, $7)";
    private readonly string _update =
        $"""
        UPDATE {database.Schema}.topics SET
            retention_ticks = CASE WHEN $2 THEN $3 ELSE retention_ticks END,
            retention_bytes = CASE WHEN $4 THEN $5 ELSE retention_bytes END,
            discard_unread = coalesce($6, discard_unread), lag_limit = coalesce($7, lag_limit)
        WHERE name = $1
        """;

    private readonly string _delete = $"SELECT {database.Schema}.delete_topic($1)";

    private static string SelectTopics(string schema) =>
        $"""
        SELECT t.id, t.name, t.partitions, t.retention_ticks, t.retention_bytes, t.discard_unread, t.lag_limit, t.created_at,
            (SELECT array_agg(p.id ORDER BY p.number) FROM {schema}.partitions p WHERE p.topic_id = t.id), t.uuid
        FROM {schema}.topics t
        """;

    /// <summary>Gets a topic from the cache, or looks it up.</summary>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    public ValueTask<TopicEntry> GetAsync(TopicName topic, CancellationToken cancellationToken)
    {
        return _known.TryGetValue(topic, out var known) ? new(known) : LookUpAsync();

        async ValueTask<TopicEntry> LookUpAsync() => await FindAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
    }

    /// <summary>Gets a topic that must have an identity. A cached topic of another one is looked up again.</summary>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="TopicReplacedException">The topic has another identity.</exception>
    public async ValueTask<TopicEntry> GetAsync(TopicName topic, Guid identity, CancellationToken cancellationToken)
    {
        var found = await GetAsync(topic, cancellationToken);
        if (identity != Guid.Empty && found.Description.Id != identity)
        {
            found = await FindAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
            TopicReplacedException.ThrowIfReplaced(found.Description, identity);
        }

        return found;
    }

    public async ValueTask<TopicEntry?> FindAsync(TopicName topic, CancellationToken cancellationToken)
    {
        var found = await database.UseAsync(
            async (connection, cancellation) =>
            {
                await using var command = connection.Command(_find, Of(topic.Value));
                return (await ReadAsync(command, cancellation)).SingleOrDefault();
            },
            cancellationToken);
        if (found is null)
        {
            _known.TryRemove(topic, out _);
        }
        else
        {
            _known[topic] = found;
        }

        return found;
    }

    public ValueTask<List<TopicEntry>> ListAsync(CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(_list);
            return await ReadAsync(command, cancellation);
        },
        cancellationToken);

    /// <summary>Creates a topic, or gets the existing one.</summary>
    public async ValueTask<TopicDescription> CreateAsync(TopicName topic, TopicSettings settings, CancellationToken cancellationToken)
    {
        var found = await FindAsync(topic, cancellationToken);
        while (found is null)
        {
            await CreateNewAsync(topic, settings, cancellationToken);
            found = await FindAsync(topic, cancellationToken);
        }

        return found.Partitions.Length == settings.Partitions
            ? found.Description
            : throw new TopicExistsException(topic, found.Partitions.Length, settings.Partitions);
    }

    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    public async ValueTask<TopicDescription> UpdateAsync(TopicName topic, TopicChange change, CancellationToken cancellationToken)
    {
        await database.UseAsync(
            async (connection, cancellation) =>
            {
                await using var command = connection.Command(
                    _update,
                    Of(topic.Value),
                    Of(change.RetentionAge.IsSet), OfAny(change.RetentionAge.Value?.Ticks, NpgsqlDbType.Bigint),
                    Of(change.RetentionBytes.IsSet), OfAny(change.RetentionBytes.Value, NpgsqlDbType.Bigint),
                    OfAny(change.DiscardUnread.IsSet ? change.DiscardUnread.Value : null, NpgsqlDbType.Boolean),
                    OfAny(change.LagLimit.IsSet ? change.LagLimit.Value : null, NpgsqlDbType.Bigint));
                return await command.ExecuteNonQueryAsync(cancellation);
            },
            cancellationToken);
        return (await FindAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic)).Description;
    }

    /// <summary>Deletes a topic, except its segments.</summary>
    /// <returns>The ids that its partitions had.</returns>
    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="TopicInUseException">A pipeline has a checkpoint on it.</exception>
    public async ValueTask<int[]> DeleteAsync(TopicName topic, CancellationToken cancellationToken)
    {
        try
        {
            return await database.UseAsync(
                async (connection, cancellation) =>
                {
                    await using var command = connection.Command(_delete, Of(topic.Value));
                    return (int[])(await command.ExecuteScalarAsync(cancellation))!;
                },
                cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.UnknownPartition)
        {
            throw new UnknownTopicException(topic);
        }
        catch (PostgresException refused) when (refused.SqlState == Failure.TopicInUse)
        {
            throw new TopicInUseException(topic, refused.MessageText);
        }
        finally
        {
            Forget(topic);
        }
    }

    /// <summary>Removes a topic from the cache, because its id is outdated.</summary>
    public void Forget(TopicName topic) => _known.TryRemove(topic, out _);

    private async ValueTask CreateNewAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken) => await database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = connection.Command(
                _create,
                Of(topic.Value), Of(settings.Partitions), OfAny(settings.RetentionAge?.Ticks, NpgsqlDbType.Bigint),
                OfAny(settings.RetentionBytes, NpgsqlDbType.Bigint), Of(settings.DiscardUnread), Of(settings.LagLimit),
                Of(timeProvider.GetUtcNow().ToUnixTimeMilliseconds()));
            return await command.ExecuteNonQueryAsync(cancellation);
        },
        cancellationToken);

    private static async Task<List<TopicEntry>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var topics = new List<TopicEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var settings = new TopicSettings
            {
                Partitions = reader.GetInt32(2),
                RetentionAge = reader.IsDBNull(3) ? null : TimeSpan.FromTicks(reader.GetInt64(3)),
                RetentionBytes = reader.IsDBNull(4) ? null : reader.GetInt64(4),
                DiscardUnread = reader.GetBoolean(5),
                LagLimit = reader.GetInt64(6),
            };
            var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(7));
            var description = new TopicDescription(reader.GetString(1), settings, createdAt) { Id = reader.GetGuid(9) };
            topics.Add(new(reader.GetInt32(0), description, reader.GetFieldValue<int[]>(8)));
        }

        return topics;
    }
}

/// <summary>A topic as of its last look-up. Its ids never change, but its settings may have, and the topic may be deleted.</summary>
/// <param name="Id">The topic's id.</param>
/// <param name="Description">The topic's name and settings.</param>
/// <param name="Partitions">The ids of the topic's partitions.</param>
internal sealed record TopicEntry(int Id, TopicDescription Description, int[] Partitions)
{
    /// <exception cref="UnknownPartitionException">The topic has no such partition.</exception>
    public int PartitionId(TopicPartition partition) => (uint)partition.Partition < (uint)Partitions.Length
        ? Partitions[partition.Partition]
        : throw new UnknownPartitionException(partition, Partitions.Length);
}
