using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Topics;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Checkpoints;

internal sealed class CheckpointTable(Database database, TopicDirectory topics, TimeProvider timeProvider)
{
    private readonly string _takeOver = Select(database.Schema, $"{database.Schema}.take_over($1, $2, $3, $4, $5, $6)");

    /// <summary>Partition ids start at 1; source 0 marks a task that reads no topic.</summary>
    private readonly string _takeOverPosition =
        $"""
        INSERT INTO {database.Schema}.checkpoints AS c
            (pipeline, stage, partition, source_id, epoch, next_offset, dead_letters, committed_at)
        VALUES ($1, $2, $3, 0, 1, 0, 0, $4) ON CONFLICT (pipeline, stage, partition) DO UPDATE SET epoch = c.epoch + 1
        RETURNING c.epoch, c.next_offset
        """;

    private readonly string _seek = Select(database.Schema, $"{database.Schema}.seek_task($1, $2, $3, $4)");
    private readonly string _noteDefined = $"SELECT {database.Schema}.note_defined($1, $2, $3, $4)";
    private readonly string _forget = $"SELECT {database.Schema}.forget_stage($1, $2, $3, $4)";
    private readonly string _list =
        $"{Select(database.Schema, $"{database.Schema}.checkpoints")} ORDER BY c.pipeline, c.stage, c.partition";

    public async ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sourceId = (await topics.GetAsync(source.Topic, cancellationToken)).PartitionId(source);
            try
            {
                var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
                return (await QueryAsync(
                    connection => connection.Command(
                        _takeOver, Of(task.Pipeline), Of(task.Stage), Of(task.Partition), Of(sourceId), Of(startOffset), Of(now)),
                    cancellationToken)).Single();
            }
            catch (PostgresException refused) when (refused.SqlState == Failure.UnknownPartition)
            {
                topics.Forget(source.Topic);
            }
            catch (PostgresException refused) when (refused.SqlState == Failure.SourceChanged)
            {
                throw SourceChanged(task, refused.MessageText, source);
            }
        }
    }

    public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            await using var command = connection.Command(_takeOverPosition, Of(task.Pipeline), Of(task.Stage), Of(task.Partition), Of(now));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return new Position(task, reader.GetInt64(0), reader.GetInt64(1));
        },
        cancellationToken);

    public async ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return (await QueryAsync(
                connection => connection.Command(_seek, Of(task.Pipeline), Of(task.Stage), Of(task.Partition), Of(offset)),
                cancellationToken)).Single();
        }
        catch (PostgresException refused) when (refused.SqlState is Failure.UnknownTask or Failure.UnknownPartition)
        {
            throw new UnknownTaskException(task);
        }
    }

    public ValueTask<List<Checkpoint>> ListAsync(CancellationToken cancellationToken) =>
        QueryAsync(connection => connection.Command(_list), cancellationToken);

    public async ValueTask NoteDefinedAsync(IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken) =>
        await database.UseAsync(
            async (connection, cancellation) =>
            {
                await using var command = connection.Command(
                    _noteDefined,
                    Of([.. stages.Select(stage => stage.Pipeline)]), Of([.. stages.Select(stage => stage.Stage)]),
                    Of([.. stages.Select(stage => stage.Topic.Value)]), Of(timeProvider.GetUtcNow().ToUnixTimeMilliseconds()));
                return await command.ExecuteNonQueryAsync(cancellation);
            },
            cancellationToken);

    public ValueTask<int> ForgetAsync(StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken) =>
        database.UseAsync(
            async (connection, cancellation) =>
            {
                await using var command = connection.Command(
                    _forget,
                    Of(stage.Pipeline), Of(stage.Stage), Of(stage.Topic.Value), Of(unlessSince.ToUnixTimeMilliseconds()));
                return (int)(await command.ExecuteScalarAsync(cancellation))!;
            },
            cancellationToken);

    private static string Select(string schema, string checkpoints) =>
        $"""
        SELECT c.pipeline, c.stage, c.partition, t.name, p.number, c.epoch, c.next_offset, c.dead_letters, c.committed_at, c.defined_at
        FROM {checkpoints} c JOIN {schema}.partitions p ON p.id = c.source_id JOIN {schema}.topics t ON t.id = p.topic_id
        """;

    /// <summary>The existing source is a topic and a partition; a slash alone stands for a position in something outside.</summary>
    private static TaskSourceChangedException SourceChanged(TaskId task, string existing, TopicPartition requested)
    {
        var topic = existing[..existing.LastIndexOf('/')];
        return topic == requested.Topic.Value
            ? new(task, existing, requested.ToString())
            : new(task, topic, requested.Topic.Value);
    }

    private ValueTask<List<Checkpoint>> QueryAsync(
        Func<NpgsqlConnection, NpgsqlCommand> create, CancellationToken cancellationToken) => database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var command = create(connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var checkpoints = new List<Checkpoint>();
            while (await reader.ReadAsync(cancellation))
            {
                checkpoints.Add(new(
                    new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2)), new(reader.GetString(3), reader.GetInt32(4)),
                    reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(8)))
                {
                    DefinedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(9)),
                });
            }

            return checkpoints;
        },
        cancellationToken);
}
