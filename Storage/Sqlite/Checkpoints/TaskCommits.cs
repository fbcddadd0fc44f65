using Orleans.Pipeline.Storage.Sqlite.Tables;
using Orleans.Pipeline.Storage.Sqlite.Topics;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Checkpoints;

internal sealed class TaskCommits(
    TopicDirectory topics, CheckpointTable checkpoints, BatchLog log, SinkTables tables, TimeProvider timeProvider)
{
    public Checkpoint TakeOver(WriteTransaction transaction, TaskId task, TopicPartition source, long startOffset)
    {
        var bounds = topics.GetPending(source).Contents.Pending;
        var existing = checkpoints.FindPending(task) ?? new(task, source, Epoch: 0, startOffset, DeadLetters: 0, Now());
        if (existing.Source == CheckpointTable.Forgotten)
        {
            existing = existing with { Source = source, NextOffset = startOffset, DeadLetters = 0, CommittedAt = Now() };
        }

        if (existing.Source != source)
        {
            throw new TaskSourceChangedException(task, Name(existing.Source, source), Name(source, existing.Source));
        }

        var start = Math.Clamp(existing.NextOffset, bounds.Start, bounds.End);
        return checkpoints.Write(transaction, existing with { Epoch = existing.Epoch + 1, NextOffset = start, DefinedAt = Now() });
    }

    public Position TakeOverPosition(WriteTransaction transaction, TaskId task)
    {
        var existing = checkpoints.FindPending(task) ?? new(task, CheckpointTable.NoSource, Epoch: 0, NextOffset: 0, DeadLetters: 0, Now());
        var taken = checkpoints.Write(transaction, existing with { Epoch = existing.Epoch + 1 });
        return new(task, taken.Epoch, taken.NextOffset);
    }

    public Checkpoint Seek(WriteTransaction transaction, TaskId task, long offset)
    {
        if (checkpoints.FindPending(task) is not { } existing || existing.Source == CheckpointTable.NoSource
            || existing.Source == CheckpointTable.Forgotten)
        {
            throw new UnknownTaskException(task);
        }

        var bounds = topics.GetPending(existing.Source).Contents.Pending;
        return checkpoints.Write(transaction, existing with
        {
            Epoch = existing.Epoch + 1,
            NextOffset = Math.Clamp(offset, bounds.Start, bounds.End),
        });
    }

    public int NoteDefined(WriteTransaction transaction, IReadOnlySet<StageSource> stages)
    {
        var defined = checkpoints.Pending.Where(checkpoint => stages.Contains(checkpoint.Stage)).ToList();
        foreach (var checkpoint in defined)
        {
            checkpoints.Write(transaction, checkpoint with { DefinedAt = Now() });
        }

        return defined.Count;
    }

    /// <summary>Lets go of the checkpoints of a stage. Their rows stay, so that the epochs go on.</summary>
    public int Forget(WriteTransaction transaction, StageSource stage, DateTimeOffset unlessSince)
    {
        var held = checkpoints.Pending.Where(checkpoint => checkpoint.Stage == stage).ToList();
        if (held.Exists(checkpoint => checkpoint.CommittedAt >= unlessSince || checkpoint.DefinedAt >= unlessSince))
        {
            return 0;
        }

        foreach (var checkpoint in held)
        {
            checkpoints.Write(transaction, checkpoint with
            {
                Source = CheckpointTable.Forgotten,
                Epoch = checkpoint.Epoch + 1,
                NextOffset = 0,
                DeadLetters = 0,
            });
        }

        return held.Count;
    }

    /// <summary>Commits a task. Writes the rows first, because only they can fail.</summary>
    /// <returns>True if the commit is written now; false if it was written before.</returns>
    public bool Commit(WriteTransaction transaction, Commit commit)
    {
        var existing = checkpoints.FindPending(commit.Task) ?? throw new TaskFencedException(commit.Task, "it was never taken over");
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

        var targets = log.FindTargets(commit.Appends);
        tables.Write(commit.Tables);
        log.Append(transaction, targets, commit.Appends);
        checkpoints.Write(transaction, existing with
        {
            NextOffset = commit.NextOffset,
            DeadLetters = existing.DeadLetters + commit.DeadLetters,
            CommittedAt = Now(),
        });
        return true;
    }

    private static string Name(TopicPartition source, TopicPartition other) =>
        source == CheckpointTable.NoSource ? "" : source.Topic == other.Topic ? source.ToString() : source.Topic.Value;

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
}
