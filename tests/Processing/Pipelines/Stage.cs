using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Processing.Tests.Tasks;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Pipelines;

/// <summary>The first stage of a pipeline named <c>tested</c>, made ready, to run over records as a worker does.</summary>
internal sealed class Stage
{
    private readonly List<ChunkResult> _results = [];

    public Stage(Action<PipelineBuilder> define, IServiceProvider? services = null, int partitions = 1, TimeProvider? time = null)
    {
        Definition = new PipelineCatalog().Add("tested", define).Find("tested")!;
        Program = new StageProgram(
            Definition,
            Definition.Stages[0],
            services ?? new ServiceCollection().BuildServiceProvider(),
            _ => partitions,
            time ?? TimeProvider.System,
            new Random(1));
    }

    public static TaskId Task { get; } = new("tested", "source", 0);

    public PipelineDefinition Definition { get; }

    public StageProgram Program { get; }

    /// <summary>Makes a batch of text values; null is no value.</summary>
    public static RecordBatch Batch(params string?[] values) => Batch(values.Length, (builder, index) => builder.Append(
        default, values[index] is { } text ? NotNull(text) : default, timestamp: 1000 + index));

    public static RecordBatch Batch(int count, Action<RecordBatchBuilder, int> append)
    {
        var builder = new RecordBatchBuilder();
        for (var index = 0; index < count; index++)
        {
            append(builder, index);
        }

        return RecordBatch.Trust(builder.Build().Bytes.ToArray().AsMemory(), baseOffset: 0);
    }

    public static ReadOnlySpan<byte> NotNull(string text) => text.Length == 0 ? ""u8 : Encoding.UTF8.GetBytes(text);

    /// <summary>Runs the steps over a whole batch; what comes of it joins what came of earlier ones.</summary>
    public Task RunAsync(RecordBatch batch, int partition = 0, CancellationToken cancellationToken = default) =>
        RunAsync(
            new Chunk(Task with { Partition = partition }, new TopicPartition("source", partition), batch, Skip: 0, batch.Count),
            cancellationToken);

    public async Task RunAsync(Chunk chunk, CancellationToken cancellationToken = default) =>
        _results.Add(await Program.RunAsync(chunk, cancellationToken));

    /// <summary>Runs the steps over text values and gives what commits.</summary>
    public async Task<Commit> CommitOfAsync(params string?[] values)
    {
        await RunAsync(Batch(values));
        return ToCommit();
    }

    /// <summary>Delivers what the first run gave.</summary>
    public ValueTask DeliverAsync() => _results[0].DeliverAsync(Task, firstOffset: 0, nextOffset: 1, CancellationToken.None);

    /// <summary>Joins what all runs gave, as a task does, into one commit.</summary>
    public Commit ToCommit()
    {
        foreach (var later in _results.Skip(1))
        {
            _results[0].Append(later);
        }

        return _results[0].ToCommit(Task, epoch: 1, firstOffset: 0, nextOffset: 1).Commit;
    }
}

/// <summary>What a commit holds, to compare.</summary>
internal static class CommitExtensions
{
    public static IReadOnlyList<StoredRecord> RecordsOf(this Commit commit, TopicName topic, int partition = 0)
    {
        var records = new List<StoredRecord>();
        foreach (var append in commit.Appends.Where(append => append.Partition == new TopicPartition(topic, partition)))
        {
            foreach (var record in RecordBatch.Validate(append.Batch.Bytes))
            {
                records.Add(StoredRecord.Of(record));
            }
        }

        return records;
    }

    public static IEnumerable<string?> ValuesOf(this Commit commit, TopicName topic, int partition = 0) =>
        commit.RecordsOf(topic, partition).Select(record => record.Value);

    public static IReadOnlyList<StoredRecord> DeadLettersOf(this Commit commit) => commit.RecordsOf("tested.dead-letters");

    public static IEnumerable<string> RowsOf(this Commit commit, string table) =>
        commit.Tables.Where(write => write.Table.Name == table).SelectMany(write => write.Rows).Select(row => string.Join(' ', row));
}
