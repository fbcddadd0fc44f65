using System.Text;
using Orleans.Pipeline.Processing.Tests.Pipelines;
using Orleans.Pipeline.Processing.Tests.Simulation;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

public sealed partial class PartitionProcessorTests : IAsyncLifetime
{
    private static readonly PipelineProfile Profile = PipelineProfile.LowLatency with { ChunkRecords = 2 };
    private static readonly TopicPartition Source = new("source", 0);

    private readonly Stage _stage = new(pipeline => pipeline.From("source").To(Sink.Topic("out")));
    private readonly HeldStore _store = new();
    private readonly SeededScheduler _scheduler = new(new Random(1));
    private readonly RememberedLog _log = new();
    private readonly TaskProgress _progress;
    private PartitionProcessor? _processor;

    public PartitionProcessorTests() => _progress = new TaskProgress(_scheduler.Time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_processor is not null)
        {
            await _processor.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_batch_below_the_next_offset_is_dropped()
    {
        var processor = Start();
        await processor.AcceptAsync(Batch(0, "a", "b"));
        await processor.AcceptAsync(Batch(0, "a", "b"));
        await processor.AcceptAsync(Batch(1, "b"));

        _store.Succeed();
        await processor.DrainAsync();

        Assert.Equal(["a", "b"], Committed());
    }

    [Fact]
    public async Task Of_a_batch_that_overlaps_only_what_is_new_is_taken()
    {
        var processor = Start();
        await processor.AcceptAsync(Batch(0, "a", "b"));
        await processor.AcceptAsync(Batch(0, "a", "b", "c", "d", "e"));
        _store.Succeed();
        _store.Succeed();
        await processor.DrainAsync();

        Assert.Equal(["a", "b", "c", "d", "e"], Committed());
        Assert.Equal(5, _progress.NextOffset);
    }

    [Fact]
    public async Task A_gap_is_refused_and_tells_where_to_read_from()
    {
        var processor = Start();
        await processor.AcceptAsync(Batch(0, "a"));

        var gap = await Assert.ThrowsAsync<OffsetGapException>(() => processor.AcceptAsync(Batch(2, "c")).AsTask());

        Assert.Equal(1, gap.Expected);
        Assert.Equal(
            "Task 'tested/source/0' expects offset 1 next, but got a batch that begins at 2. Read again from 1.", gap.Message);
        Assert.Equal(1, processor.NextAccepted);
    }

    [Fact]
    public async Task The_next_batch_is_worked_on_while_one_commits()
    {
        var workers = Workers(areFree: true);
        var processor = Start(workers);
        await processor.AcceptAsync(Batch(0, "a"));
        await workers.NextAsync();

        await processor.AcceptAsync(Batch(1, "b"));
        var (next, _) = await workers.NextAsync();

        Assert.Equal(1, next.Batch.BaseOffset);
        Assert.Equal(0, _progress.NextOffset);
    }

    [Fact]
    public async Task A_batch_goes_to_the_workers_in_chunks_that_come_back_in_order()
    {
        var workers = Workers(areFree: false);
        var processor = Start(workers);

        await processor.AcceptAsync(Batch(0, "a", "b", "c", "d", "e"));
        var chunks = new[] { await workers.NextAsync(), await workers.NextAsync(), await workers.NextAsync() };
        foreach (var (_, go) in chunks.Reverse())
        {
            go.SetResult();
        }

        _store.Succeed();
        await processor.DrainAsync();
        Assert.Equal([(0, 2), (2, 2), (4, 1)], chunks.Select(chunk => (chunk.Chunk.Skip, chunk.Chunk.Count)));
        Assert.Equal(["a", "b", "c", "d", "e"], Committed());
    }

    [Fact]
    public async Task An_accept_waits_for_room_until_a_commit_gives_it_back()
    {
        var processor = Start(readAheadBytes: 150);
        await processor.AcceptAsync(Batch(0, "a"));
        await processor.AcceptAsync(Batch(1, "b"));

        var waiting = processor.AcceptAsync(Batch(2, "c")).AsTask();
        Assert.False(waiting.IsCompleted);
        _store.Succeed();

        await waiting;
    }

    [Fact]
    public async Task An_accept_that_was_cancelled_has_not_taken_the_batch()
    {
        var processor = Start(readAheadBytes: 1);
        using var cancelled = new CancellationTokenSource();
        await processor.AcceptAsync(Batch(0, "a"));
        var waiting = processor.AcceptAsync(Batch(1, "b"), cancelled.Token).AsTask();

        cancelled.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, processor.NextAccepted);
    }

    [Fact]
    public async Task An_accept_that_waits_hears_of_the_newer_owner()
    {
        var processor = Start(readAheadBytes: 1);
        await processor.AcceptAsync(Batch(0, "a"));
        var waiting = processor.AcceptAsync(Batch(1, "b")).AsTask();

        _store.Fail(new TaskFencedException(Stage.Task, "epoch 2 has taken over"));

        await Assert.ThrowsAsync<TaskFencedException>(() => waiting);
        await Assert.ThrowsAsync<TaskFencedException>(() => processor.Completion);
        await Assert.ThrowsAsync<TaskFencedException>(() => processor.AcceptAsync(Batch(1, "b")).AsTask());
        await Assert.ThrowsAsync<TaskFencedException>(() => processor.DrainAsync());
        Assert.Single(_store.Commits);
        Assert.Contains("epoch 2 has taken over", _progress.Error);
    }

    [Fact]
    public async Task An_accept_that_waits_is_cancelled_by_a_dispose()
    {
        var processor = Start(readAheadBytes: 1);
        await processor.AcceptAsync(Batch(0, "a"));
        var waiting = processor.AcceptAsync(Batch(1, "b")).AsTask();

        await processor.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => processor.AcceptAsync(Batch(1, "b")).AsTask());
        Assert.True(processor.Completion.IsCanceled);
        Assert.Null(_progress.Error);
    }

    [Fact]
    public async Task A_dispose_waits_for_workers_that_do_not_stop()
    {
        var workers = Workers(areFree: false);
        var processor = Start(workers);
        await processor.AcceptAsync(Batch(0, "a", "b", "c"));
        var (_, first) = await workers.NextAsync();
        var (_, second) = await workers.NextAsync();

        var disposal = processor.DisposeAsync().AsTask();
        first.SetResult();
        Assert.False(disposal.IsCompleted);
        second.SetResult();

        await disposal;
    }

    [Fact]
    public async Task A_second_dispose_does_nothing()
    {
        var processor = Start();
        await processor.DisposeAsync();
        await processor.DisposeAsync();
    }

    private static RecordBatch Batch(long baseOffset, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(default, Encoding.UTF8.GetBytes(value), timestamp: 0);
        }

        return RecordBatch.Trust(builder.Build().Bytes.ToArray().AsMemory(), baseOffset);
    }

    private IEnumerable<string?> Committed() => _store.Commits.SelectMany(commit => commit.ValuesOf("out"));

    private HeldWorkers Workers(bool areFree) => new(_stage.Program) { AreFree = areFree };

    private PartitionProcessor Start(HeldWorkers? workers = null, PipelineProfile? profile = null, long readAheadBytes = 1 << 20) =>
        _processor = new(
        new Checkpoint(Stage.Task, Source, Epoch: 1, NextOffset: 0, DeadLetters: 0, _scheduler.Time.GetUtcNow()),
        new ProcessorSettings
        {
            Profile = profile ?? Profile,
            ReadAheadBytes = readAheadBytes,
            Workers = workers ?? Workers(areFree: true),
            Committer = _store,
            Logger = _log,
            TimeProvider = _scheduler.Time,
        },
        _progress);
}
