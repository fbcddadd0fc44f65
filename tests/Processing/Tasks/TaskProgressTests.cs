using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Processing.Tests.Pipelines;
using Orleans.Pipeline.Operations;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

public sealed class TaskProgressTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskProgress _progress;

    public TaskProgressTests() => _progress = new TaskProgress(_time);

    [Fact]
    public async Task What_is_committed_already_is_not_waited_for()
    {
        _progress.MoveTo(5);

        await _progress.WhenCommittedAsync(5, new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_wait_ends_when_the_offset_is_passed()
    {
        var five = _progress.WhenCommittedAsync(5);
        var six = _progress.WhenCommittedAsync(6);

        await CommitAsync(0, 5);

        await five;
        Assert.False(six.IsCompleted);
        await CommitAsync(5, 9);
        await six;
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = _progress.WhenCommittedAsync(5, cancelled.Token);

        cancelled.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await CommitAsync(0, 5);
    }

    [Fact]
    public async Task A_seek_back_waits_again()
    {
        _progress.MoveTo(9);
        _progress.MoveTo(3);

        var waiting = _progress.WhenCommittedAsync(5);

        Assert.False(waiting.IsCompleted);
        _progress.MoveTo(5);
        await waiting;
    }

    [Fact]
    public async Task Records_dead_letters_and_latency_are_counted_with_the_commit()
    {
        await CommitAsync(0, 4, timestamp: _time.GetUtcNow().ToUnixTimeMilliseconds() - 30);

        var latency = new LatencyHistogram();
        _progress.AddLatencyTo(latency);
        Assert.Equal((4, 0, 4), (_progress.Processed, _progress.DeadLetters, _progress.NextOffset));
        Assert.Equal(new LatencyStatus(4, 30, 30, 30), latency.ToStatus());
        Assert.Equal(4, _progress.RecordsPerSecond);
    }

    [Fact]
    public async Task Records_that_retention_removed_are_no_records_processed()
    {
        var group = new CommitGroup();
        await group.AddAsync(new PendingBatch(0, 100, Bytes: 0, Timestamp: 0, Trace: default, Work: null));

        _progress.Committed(group, group.ToCommit(Stage.Task, epoch: 1).Written);

        var latency = new LatencyHistogram();
        _progress.AddLatencyTo(latency);
        Assert.Equal((0, 100), (_progress.Processed, _progress.NextOffset));
        Assert.Equal(new LatencyStatus(0, 0, 0, 0), latency.ToStatus());
    }

    private async Task CommitAsync(long first, long next, long timestamp = 0)
    {
        var stage = new Stage(pipeline => pipeline.From("source").Where(_ => false).To(Orleans.Pipeline.Sink.Topic("out")));
        var chunk = new Chunk(Stage.Task, new("source", 0), Stage.Batch("x"), Skip: 0, Count: 1);
        var group = new CommitGroup();
        await group.AddAsync(new PendingBatch(
            first,
            next,
            Bytes: 1,
            timestamp,
            Trace: default,
            stage.Program.RunAsync(chunk, default).AsTask()));
        _progress.Committed(group, group.ToCommit(Stage.Task, epoch: 1).Written);
    }
}
