using Orleans.Pipeline.Processing.Tests.Tasks;
using Orleans.Pipeline.Testing.Memory;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>The test kit's store in memory, with a rule of its own for one table. Processes reach it through <see cref="For"/>.</summary>
internal sealed class SimulatedStore
{
    /// <summary>The table with a rule of its own.</summary>
    public const string Checked = "checked";

    /// <summary>How that table refuses a row.</summary>
    public const string Refusal = "no such fate";

    private readonly Network _network;
    private readonly MemoryDatabase _database = new();
    private readonly MemoryStore _store;
    private readonly Dictionary<TaskId, List<(long Start, long End)>> _passes = [];

    public SimulatedStore(Network network, TimeProvider time)
    {
        _network = network;
        _store = new MemoryStore(_database, time);
    }

    /// <summary>Creates the topics and tables, and as many records as each source has: only their number counts.</summary>
    public async Task PrepareAsync(PipelineDefinition pipeline, IReadOnlyList<SimulatedSource> sources)
    {
        await CreateAsync("source", sources.Count);
        await CreateAsync("out", SimulatedPipeline.OutPartitions);
        await CreateAsync(pipeline.DeadLetters, SimulatedPipeline.DeadLetterPartitions);
        foreach (var table in pipeline.Stages[0].Tables)
        {
            await _store.PrepareTableAsync(table);
        }

        foreach (var source in sources)
        {
            await _store.AppendAsync(source.Partition, source.ReadAll());
        }
    }

    public ICheckpointStore For(Node node) => new Connection(this, node);

    public Checkpoint Of(TaskId task) => _database.Run(state => state.Tasks.List()).Single(checkpoint => checkpoint.Task == task);

    public IEnumerable<TableValue[]> RowsOf(string table) => _database.Run(state => state.Tables.Get(table).Rows);

    public IEnumerable<StoredRecord> RecordsOf(TopicPartition partition) => _database.Run(state =>
    {
        var records = new List<StoredRecord>();
        foreach (var batch in state.GetPartition(partition).Read(0, int.MaxValue))
        {
            foreach (var record in batch)
            {
                records.Add(StoredRecord.Of(record));
            }
        }

        return records;
    });

    /// <summary>The runs of offsets that a task has committed, parted by its seeks.</summary>
    public IEnumerable<(long Start, long End)> PassesOf(TaskId task)
    {
        var passes = _passes[task];
        return passes[..^1].Append((passes[^1].Start, Of(task).NextOffset));
    }

    private async Task CreateAsync(TopicName topic, int partitions) =>
        await _store.CreateTopicAsync(topic, new TopicSettings { Partitions = partitions });

    private ValueTask<Checkpoint> TakeOverAsync(TaskId task, TopicPartition source, long start)
    {
        _passes.TryAdd(task, [(start, start)]);
        return _store.TakeOverAsync(task, source, start);
    }

    private ValueTask<Checkpoint> SeekAsync(TaskId task, long offset)
    {
        _passes[task][^1] = (_passes[task][^1].Start, Of(task).NextOffset);
        _passes[task].Add((offset, offset));
        return _store.SeekAsync(task, offset);
    }

    private async ValueTask<bool> CommitAsync(Commit commit)
    {
        var present = Of(commit.Task);
        var isNew = commit.Epoch == present.Epoch && commit.FirstOffset == present.NextOffset;
        if (isNew && commit.Tables.Any(write => write.Table.Name == Checked && write.Rows.Any(row => row[0].AsText == nameof(Fate.Refused))))
        {
            throw new TableRowException(Checked, Refusal);
        }

        await _store.CommitAsync(commit);
        return true;
    }

    /// <summary>The store as one process reaches it.</summary>
    private sealed class Connection(SimulatedStore store, Node node) : ICheckpointStore
    {
        public ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask<Checkpoint> TakeOverAsync(
            TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default) =>
            store._network.CallAsync(node, () => store.TakeOverAsync(task, source, startOffset), cancellationToken);

        public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
        {
            if (store._network.Happens(in100: 5))
            {
                await store._network.PauseAsync();
                await Network.StopIfDeadAsync(node);
                store._network.TakeEffectLate(() => store.CommitAsync(commit).AsTask());
                throw new StoreUnavailableException("Simulated: no answer for now.");
            }

            await store._network.CallAsync(node, () => store.CommitAsync(commit), cancellationToken);
        }

        public ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default) =>
            store._network.CallAsync(node, () => store.SeekAsync(task, offset), cancellationToken);

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
