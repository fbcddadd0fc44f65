namespace Orleans.Pipeline.Testing.Memory;

/// <summary>The checkpoints of tasks.</summary>
internal sealed class MemoryTasks
{
    /// <summary>The source of a task that reads no topic.</summary>
    private static TopicPartition NoSource => default;

    /// <summary>The source of a task that was let go of. It stays, so that its epoch goes on.</summary>
    private static TopicPartition Forgotten => new(default, -1);

    private readonly Dictionary<TaskId, Checkpoint> _checkpoints = [];

    private IEnumerable<Checkpoint> Readers => _checkpoints.Values
        .Where(checkpoint => checkpoint.Source != NoSource && checkpoint.Source != Forgotten);

    public Checkpoint TakeOver(MemoryState state, TaskId task, TopicPartition source, long startOffset, DateTimeOffset now)
    {
        var partition = state.GetPartition(source);
        var existing = _checkpoints.GetValueOrDefault(task) ?? new(task, source, Epoch: 0, startOffset, DeadLetters: 0, now);
        if (existing.Source == Forgotten)
        {
            existing = existing with { Source = source, NextOffset = startOffset, DeadLetters = 0, CommittedAt = now };
        }

        if (existing.Source != source)
        {
            throw existing.Source == NoSource
                ? new TaskSourceChangedException(task, "", source.Topic.Value)
                : new TaskSourceChangedException(task, existing.Source.ToString(), source.ToString());
        }

        return Keep(existing with { Epoch = existing.Epoch + 1, NextOffset = partition.Clamp(existing.NextOffset), DefinedAt = now });
    }

    public Position TakeOverPosition(TaskId task, DateTimeOffset now)
    {
        var existing = _checkpoints.GetValueOrDefault(task) ?? new(task, NoSource, Epoch: 0, NextOffset: 0, DeadLetters: 0, now);
        var taken = Keep(existing with { Epoch = existing.Epoch + 1 });
        return new(task, taken.Epoch, taken.NextOffset);
    }

    public Checkpoint Seek(MemoryState state, TaskId task, long offset)
    {
        if (!_checkpoints.TryGetValue(task, out var existing) || existing.Source == NoSource || existing.Source == Forgotten)
        {
            throw new UnknownTaskException(task);
        }

        var partition = state.GetPartition(existing.Source);
        return Keep(existing with { Epoch = existing.Epoch + 1, NextOffset = partition.Clamp(offset) });
    }

    public int NoteDefined(IReadOnlyCollection<StageSource> stages, DateTimeOffset now)
    {
        var defined = Readers.Where(checkpoint => stages.Contains(checkpoint.Stage)).ToList();
        defined.ForEach(checkpoint => Keep(checkpoint with { DefinedAt = now }));
        return defined.Count;
    }

    public int Forget(StageSource stage, DateTimeOffset unlessSince)
    {
        var held = Readers.Where(checkpoint => checkpoint.Stage == stage).ToList();
        if (held.Exists(checkpoint => checkpoint.CommittedAt >= unlessSince || checkpoint.DefinedAt >= unlessSince))
        {
            return 0;
        }

        held.ForEach(checkpoint => Keep(checkpoint with
        {
            Source = Forgotten,
            Epoch = checkpoint.Epoch + 1,
            NextOffset = 0,
            DeadLetters = 0,
        }));
        return held.Count;
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
