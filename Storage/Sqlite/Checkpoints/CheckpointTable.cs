using System.Collections.Immutable;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Checkpoints;

internal sealed class CheckpointTable
{
    /// <summary>The source of a task that reads no topic. Its topic in the table is empty.</summary>
    public static readonly TopicPartition NoSource;

    /// <summary>The source of a task that was let go of. Its topic in the table is empty, and its partition -1.</summary>
    public static readonly TopicPartition Forgotten = new(default, -1);

    private readonly Versioned<ImmutableDictionary<TaskId, Checkpoint>> _checkpoints;
    private readonly Statement _write;

    public CheckpointTable(Connection connection)
    {
        _write = connection.Prepare(
            """
            INSERT INTO pipeline_checkpoints
                (pipeline, stage, partition, source_topic, source_partition, epoch, next_offset, dead_letters, committed_at, defined_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT DO UPDATE SET
                source_topic = excluded.source_topic, source_partition = excluded.source_partition,
                epoch = excluded.epoch, next_offset = excluded.next_offset, dead_letters = excluded.dead_letters,
                committed_at = excluded.committed_at, defined_at = excluded.defined_at
            """);
        _checkpoints = new(Load(connection));
    }

    /// <summary>The committed checkpoints of tasks that read topics.</summary>
    public IEnumerable<Checkpoint> Committed => _checkpoints.Committed.Values.Where(ReadsTopic);

    /// <summary>The checkpoints of tasks that read topics, in the running transaction.</summary>
    public IEnumerable<Checkpoint> Pending => _checkpoints.Pending.Values.Where(ReadsTopic);

    public Checkpoint? FindPending(TaskId task) => _checkpoints.Pending.GetValueOrDefault(task);

    public Checkpoint? FindPendingOn(TopicName topic) =>
        Pending.FirstOrDefault(checkpoint => checkpoint.Source.Topic == topic);

    /// <summary>Gets the lowest next offset of a partition's tasks in the running transaction; null if it has no tasks.</summary>
    public long? LowestPendingOffset(TopicPartition partition)
    {
        long? lowest = null;
        foreach (var checkpoint in _checkpoints.Pending.Values)
        {
            if (checkpoint.Source == partition && !(checkpoint.NextOffset >= lowest))
            {
                lowest = checkpoint.NextOffset;
            }
        }

        return lowest;
    }

    public Checkpoint Write(WriteTransaction transaction, Checkpoint checkpoint)
    {
        _write.Bind(1, checkpoint.Task.Pipeline).Bind(2, checkpoint.Task.Stage).Bind(3, checkpoint.Task.Partition)
            .Bind(4, checkpoint.Source.Topic.ToString()).Bind(5, checkpoint.Source.Partition).Bind(6, checkpoint.Epoch)
            .Bind(7, checkpoint.NextOffset).Bind(8, checkpoint.DeadLetters).Bind(9, checkpoint.CommittedAt.ToUnixTimeMilliseconds())
            .Bind(10, checkpoint.DefinedAt.ToUnixTimeMilliseconds()).Run();
        _checkpoints.Set(_checkpoints.Pending.SetItem(checkpoint.Task, checkpoint), transaction);
        return checkpoint;
    }

    private static bool ReadsTopic(Checkpoint checkpoint) => checkpoint.Source != NoSource && checkpoint.Source != Forgotten;

    private static ImmutableDictionary<TaskId, Checkpoint> Load(Connection connection)
    {
        using var statement = connection.PrepareOnce(
            """
            SELECT pipeline, stage, partition, source_topic, source_partition, epoch, next_offset, dead_letters, committed_at, defined_at
            FROM pipeline_checkpoints
            """);
        var checkpoints = ImmutableDictionary.CreateBuilder<TaskId, Checkpoint>();
        while (statement.Step())
        {
            var task = new TaskId(statement.Text(0), statement.Text(1), (int)statement.Integer(2));
            var source = statement.Text(3) is { Length: > 0 } topic ? topic : default(TopicName);
            checkpoints.Add(task, new(
                task, new(source, (int)statement.Integer(4)), statement.Integer(5), statement.Integer(6), statement.Integer(7),
                DateTimeOffset.FromUnixTimeMilliseconds(statement.Integer(8)))
            {
                DefinedAt = DateTimeOffset.FromUnixTimeMilliseconds(statement.Integer(9)),
            });
        }

        return checkpoints.ToImmutable();
    }
}
