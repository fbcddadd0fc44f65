using Orleans.Pipeline.Processing.Tests.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>
/// What a database does, in memory: each commit takes effect whole or not at all, under the newest epoch only, and once however
/// often it is sent. Processes reach it through <see cref="For"/>.
/// </summary>
internal sealed class SimulatedStore(Network network, TimeProvider time)
{
    /// <summary>The table with a rule of its own.</summary>
    public const string Checked = "checked";

    /// <summary>How that table refuses a row.</summary>
    public const string Refusal = "no such fate";

    private readonly Dictionary<TaskId, Checkpoint> _checkpoints = [];
    private readonly Dictionary<TaskId, List<(long Start, long End)>> _passes = [];

    public Dictionary<TopicPartition, List<StoredRecord>> Topics { get; } = [];

    public Dictionary<string, List<TableValue[]>> Tables { get; } = [];

    /// <summary>Commits that took effect under an epoch that was not the newest.</summary>
    public int CommitsOfOldOwners { get; private set; }

    public ICheckpointStore For(Node node) => new Connection(this, network, node);

    public Checkpoint Of(TaskId task) => _checkpoints[task];

    /// <summary>The runs of offsets that a task has committed, parted by its seeks.</summary>
    public IEnumerable<(long Start, long End)> PassesOf(TaskId task)
    {
        var passes = _passes[task];
        return passes[..^1].Append((passes[^1].Start, Of(task).NextOffset));
    }

    private Checkpoint TakeOver(TaskId task, TopicPartition source, long start)
    {
        if (!_checkpoints.TryGetValue(task, out var present))
        {
            present = new Checkpoint(task, source, 0, start, 0, time.GetUtcNow());
            _passes.Add(task, [(start, start)]);
        }

        return _checkpoints[task] = present with { Epoch = present.Epoch + 1 };
    }

    private Checkpoint Seek(TaskId task, long offset)
    {
        var present = _checkpoints[task];
        _passes[task][^1] = (_passes[task][^1].Start, present.NextOffset);
        _passes[task].Add((offset, offset));
        return _checkpoints[task] = present with { Epoch = present.Epoch + 1, NextOffset = offset };
    }

    private void Commit(Commit commit)
    {
        var present = _checkpoints[commit.Task];
        if (commit.Epoch != present.Epoch)
        {
            throw new TaskFencedException(commit.Task, $"epoch {commit.Epoch} is not {present.Epoch}");
        }

        if (commit.NextOffset == present.NextOffset)
        {
            return;
        }

        if (commit.FirstOffset != present.NextOffset)
        {
            throw new TaskFencedException(commit.Task, $"offset {commit.FirstOffset} is not {present.NextOffset}");
        }

        if (commit.Tables.Any(write => write.Table.Name == Checked && write.Rows.Any(row => row[0].AsText == nameof(Fate.Refused))))
        {
            throw new TableRowException(Checked, Refusal);
        }

        CommitsOfOldOwners += commit.Epoch == present.Epoch ? 0 : 1;
        commit.Appends.ToList().ForEach(Append);
        commit.Tables.ToList().ForEach(Write);
        _checkpoints[commit.Task] = present with { NextOffset = commit.NextOffset, DeadLetters = present.DeadLetters + commit.DeadLetters };
    }

    private void Append(TopicAppend append)
    {
        if (!Topics.TryGetValue(append.Partition, out var records))
        {
            Topics.Add(append.Partition, records = []);
        }

        foreach (var record in RecordBatch.Validate(append.Batch.Bytes.ToArray()))
        {
            records.Add(StoredRecord.Of(record));
        }
    }

    private void Write(TableWrite write)
    {
        if (!Tables.TryGetValue(write.Table.Name, out var rows))
        {
            Tables.Add(write.Table.Name, rows = []);
        }

        foreach (var row in write.Rows)
        {
            var keys = write.Table.KeyColumns;
            var found = keys == 0 ? -1 : rows.FindIndex(present => present.AsSpan(0, keys).SequenceEqual(row.AsSpan(0, keys)));
            if (found < 0)
            {
                rows.Add((TableValue[])row.Clone());
                continue;
            }

            for (var column = keys; column < row.Length; column++)
            {
                rows[found][column] = write.Table.Mode == TableMode.Add ? TableValue.Sum(rows[found][column], row[column]) : row[column];
            }
        }
    }

    /// <summary>The store as one process reaches it.</summary>
    private sealed class Connection(SimulatedStore store, Network network, Node node) : ICheckpointStore
    {
        public ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask<Checkpoint> TakeOverAsync(
            TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
            network.CallAsync(node, () => new ValueTask<Checkpoint>(store.TakeOver(task, source, startOffset)), cancellationToken);

        public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
        {
            if (network.Happens(in100: 5))
            {
                await network.PauseAsync();
                await Network.StopIfDeadAsync(node);
                network.TakeEffectLate(() => store.Commit(commit));
                throw new StoreUnavailableException("Simulated: no answer for now.");
            }

            await network.CallAsync(
                node,
                () =>
                {
                    store.Commit(commit);
                    return new ValueTask<bool>(true);
                },
                cancellationToken);
        }

        public ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
            network.CallAsync(node, () => new ValueTask<Checkpoint>(store.Seek(task, offset)), cancellationToken);

        public ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask NoteDefinedAsync(IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask<int> ForgetAsync(
            StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
