namespace Orleans.Pipeline.Storage.Tests.Memory;

/// <summary>The checkpoints of tasks.</summary>
internal sealed class MemoryTasks
{
    /// <summary>The source of a task that reads no topic.</summary>
    private static TopicPartition NoSource => default;

    private readonly Dictionary<TaskId, Checkpoint> _checkpoints = [];

    private IEnumerable<Checkpoint> Readers => _checkpoints.Values.Where(checkpoint => checkpoint.Source != NoSource);

    public Checkpoint TakeOver(MemoryState state, TaskId task, TopicPartition source, long startOffset, DateTimeOffset now)
    {
        var partition = state.GetPartition(source);
        var existing = _checkpoints.GetValueOrDefault(task) ?? new(task, source, Epoch: 0, startOffset, DeadLetters: 0, now);
        if (existing.Source != source)
        {
            throw new TaskSourceChangedException(task, existing.Source.ToString(), source.ToString());
        }

        return Keep(existing with { Epoch = existing.Epoch + 1, NextOffset = partition.Clamp(existing.NextOffset) });
    }

    public Position TakeOverPosition(TaskId task, DateTimeOffset now)
    {
        var existing = _checkpoints.GetValueOrDefault(task) ?? new(task, NoSource, Epoch: 0, NextOffset: 0, DeadLetters: 0, now);
        var taken = Keep(existing with { Epoch = existing.Epoch + 1 });
        return new(task, taken.Epoch, taken.NextOffset);
    }

    public Checkpoint Seek(MemoryState state, TaskId task, long offset)
    {
        if (!_checkpoints.TryGetValue(task, out var existing) || existing.Source == NoSource)
        {
            throw new UnknownTaskException(task);
        }

        var partition = state.GetPartition(existing.Source);
        return Keep(existing with { Epoch = existing.Epoch + 1, NextOffset = partition.Clamp(offset) });
    }

    /// <summary>Makes a commit whole: the fence, the partitions and the rows are checked before anything is changed.</summary>
    /// <returns>Whether the commit was made now; false if it was made before.</returns>
    public bool Commit(MemoryState state, Commit commit, DateTimeOffset now)
    {
        var existing = _checkpoints.GetValueOrDefault(commit.Task) ?? throw new TaskFencedException(commit.Task, "it was never taken over");
        if (commit.Epoch != existing.Epoch)
        {
            throw new TaskFencedException(commit.Task, $"it came under epoch {commit.Epoch}, but epoch {existing.Epoch} has taken over");
        }

        if (commit.NextOffset == existing.NextOffset)
        {
            return false;
        }

        if (commit.FirstOffset != existing.NextOffset)
        {
            throw new TaskFencedException(
                commit.Task, $"it starts at offset {commit.FirstOffset}, but the task has committed up to {existing.NextOffset}");
        }

        var targets = state.FindTargets(commit.Appends);
        state.Tables.Check(commit.Tables);

        MemoryState.AppendAll(targets, commit.Appends, now);
        state.Tables.Write(commit.Tables);
        Keep(existing with { NextOffset = commit.NextOffset, DeadLetters = existing.DeadLetters + commit.DeadLetters, CommittedAt = now });
        return true;
    }

    public IReadOnlyList<Checkpoint> List() =>
    [
        .. Readers
            .OrderBy(checkpoint => checkpoint.Task.Pipeline, StringComparer.Ordinal)
            .ThenBy(checkpoint => checkpoint.Task.Stage, StringComparer.Ordinal)
            .ThenBy(checkpoint => checkpoint.Task.Partition),
    ];

    /// <summary>Finds a task that reads a topic; null if there is none.</summary>
    public TaskId? FindReader(TopicName topic) => Readers.FirstOrDefault(checkpoint => checkpoint.Source.Topic == topic)?.Task;

    /// <summary>Finds the offset below which every task of a partition has committed; the highest number if it has no tasks.</summary>
    public long FindCommitted(TopicPartition partition) => Readers
        .Where(checkpoint => checkpoint.Source == partition)
        .Select(checkpoint => checkpoint.NextOffset).DefaultIfEmpty(long.MaxValue).Min();

    private Checkpoint Keep(Checkpoint checkpoint) => _checkpoints[checkpoint.Task] = checkpoint;
}
