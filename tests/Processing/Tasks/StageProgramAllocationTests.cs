using Orleans.Pipeline.Processing.Tests.Pipelines;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>The way of a record through synchronous steps allocates nothing but what the steps do and the outputs keep.</summary>
public sealed class StageProgramAllocationTests
{
    private const int Records = 10_000;

    private static readonly RecordBatch Batch = Stage.Batch(
        Records, (builder, index) => builder.Append("key"u8, new byte[100], 1000 + index));

    [Fact]
    public void Adding_records_to_a_table_of_counters_allocates_nothing_for_each()
    {
        var stage = new Stage(pipeline => pipeline.From("source")
            .Where(value => value.Length > 0)
            .To(Table.Add<ReadOnlyMemory<byte>>("sizes").Key("size", value => value.Length).Sum("count", _ => 1).Sum("bytes", value => value.Length)));

        var allocated = AllocatedBy(stage, out var commit);

        Assert.Equal([$"100 {Records} {Records * 100}"], commit.RowsOf("sizes"));
        Assert.InRange(allocated, 0, 10_000);
    }

    [Fact]
    public void Records_with_headers_that_nobody_asks_for_allocate_nothing_for_each()
    {
        var batch = Stage.Batch(
            Records, (builder, index) => builder.Append("key"u8, new byte[100], 1000 + index, [Header.Text("trace", "abc")]));
        var stage = new Stage(pipeline => pipeline.From("source")
            .To(Table.Add<ReadOnlyMemory<byte>>("sizes").Key("size", value => value.Length).Sum("count", _ => 1)));

        var allocated = AllocatedBy(stage, out var commit, batch);

        Assert.Equal([$"100 {Records}"], commit.RowsOf("sizes"));
        Assert.InRange(allocated, 0, 10_000);
    }

    [Fact]
    public void Copying_records_to_a_topic_allocates_the_batches_and_nothing_for_each()
    {
        var stage = new Stage(pipeline => pipeline.From("source").To(Sink.Topic("out")));

        var allocated = AllocatedBy(stage, out var commit);

        var batches = commit.Appends.Sum(append => (long)append.Batch.Bytes.Length);
        Assert.Equal(Records, commit.Appends.Sum(append => append.Batch.Count));
        Assert.InRange(allocated, batches, (batches * 3) + 10_000);
    }

    private static long AllocatedBy(Stage stage, out Commit commit, RecordBatch? batch = null)
    {
        var chunk = new Chunk(Stage.Task, new("source", 0), batch ?? Batch, Skip: 0, Records);
        Run(stage, chunk);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = Run(stage, chunk);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        (commit, _) = result.ToCommit(Stage.Task, epoch: 1, 0, Records);
        return allocated;
    }

    private static ChunkResult Run(Stage stage, Chunk chunk) =>
        stage.Program.RunAsync(chunk, CancellationToken.None).GetAwaiter().GetResult();
}
