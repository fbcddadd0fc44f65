using Orleans.Pipeline.Processing.Tests.Pipelines;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <content>What commits, and when.</content>
public sealed partial class PartitionProcessorTests
{
    [Fact]
    public async Task A_drain_commits_all_that_was_accepted_and_takes_in_nothing_more()
    {
        var processor = Start(profile: Profile with { CommitInterval = TimeSpan.FromHours(1) });
        await processor.AcceptAsync(Batch(0, "a"));
        await processor.AcceptAsync(Batch(1, "b"));
        _store.Succeed();
        _store.Succeed();

        await processor.DrainAsync();

        Assert.Equal(["a", "b"], Committed());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => processor.AcceptAsync(Batch(2, "c")).AsTask());
        Assert.Equal("Task 'tested/source/0' has drained and accepts no more batches. Take it over again to continue.", refused.Message);
        Assert.True(processor.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public void Batches_gather_for_one_commit_until_the_interval_is_over() => _scheduler.Run(async () =>
    {
        var processor = Start(profile: Profile with { CommitInterval = TimeSpan.FromMinutes(1) });
        await processor.AcceptAsync(Batch(0, "a"));
        await processor.AcceptAsync(Batch(1, "b"));
        await processor.AcceptAsync(Batch(2, "c"));

        _store.Succeed();
        await _progress.WhenCommittedAsync(3);

        Assert.Equal((0, 3), (Assert.Single(_store.Commits).FirstOffset, _store.Commits[0].NextOffset));
        await processor.DisposeAsync();
    });

    [Fact]
    public async Task A_full_read_ahead_does_not_wait_for_the_interval()
    {
        var profile = Profile with { CommitInterval = TimeSpan.FromHours(1), CommitBytes = int.MaxValue };
        var processor = Start(profile: profile, readAheadBytes: 300);
        for (var offset = 0; offset < 20; offset++)
        {
            _store.Succeed();
            await processor.AcceptAsync(Batch(offset, "a"));
        }

        Assert.InRange(_progress.NextOffset, 10, 20);
    }

    [Fact]
    public async Task A_compressed_batch_counts_with_the_bytes_it_unpacks_to()
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, new byte[100_000], timestamp: 0);
        var packed = builder.Build(compression: Compression.Gzip);
        var processor = Start(readAheadBytes: 100_000);
        Assert.InRange(packed.Bytes.Length, 1, 10_000);

        await processor.AcceptAsync(packed);
        var waiting = processor.AcceptAsync(Batch(1, "b")).AsTask();

        Assert.False(waiting.IsCompleted);
        _store.Succeed();
        await waiting;
    }

    [Fact]
    public async Task Records_that_retention_removed_are_passed_over_and_the_offset_is_committed()
    {
        var processor = Start();
        await processor.AcceptAsync(Batch(0, "a"));
        processor.SkipTo(0);
        processor.SkipTo(5);
        _store.Succeed();
        _store.Succeed();
        await processor.AcceptAsync(Batch(5, "f"));
        _store.Succeed();

        await processor.DrainAsync();

        Assert.Equal(["a", "f"], Committed());
        Assert.Equal((6, 2), (_progress.NextOffset, _progress.Processed));
    }

    [Fact]
    public void A_commit_that_fails_is_repeated_as_it_was_and_the_task_says_what_it_waits_for() => _scheduler.Run(async () =>
    {
        var processor = Start();
        await processor.AcceptAsync(Batch(0, "a"));
        var first = await _store.NextAsync();

        _store.Fail(new StoreUnavailableException("The disk is full."));
        var second = await _store.NextAsync();
        Assert.Same(first, second);
        Assert.Equal("The disk is full.", _progress.Error);

        _store.Succeed();
        await processor.DrainAsync();
        Assert.Null(_progress.Error);
        Assert.Equal(["Task tested/source/0 waits and tries again: The disk is full.", "Task tested/source/0 continues"], _log.Lines);
    });

    [Fact]
    public void Many_chunks_that_fail_at_once_are_told_of_once() => _scheduler.Run(async () =>
    {
        var workers = Workers(areFree: false);
        var processor = Start(workers);
        await processor.AcceptAsync(Batch(0, "a", "b", "c", "d", "e", "f"));
        foreach (var failed in new[] { await workers.NextAsync(), await workers.NextAsync(), await workers.NextAsync() })
        {
            failed.Go.SetException(new IOException("The worker was lost."));
        }

        foreach (var repeated in new[] { await workers.NextAsync(), await workers.NextAsync(), await workers.NextAsync() })
        {
            repeated.Go.SetResult();
        }

        _store.Succeed();
        await processor.DrainAsync();
        Assert.Equal(["a", "b", "c", "d", "e", "f"], Committed());
        Assert.Equal(["Task tested/source/0 waits and tries again: The worker was lost.", "Task tested/source/0 continues"], _log.Lines);
    });

    [Fact]
    public async Task A_fenced_commit_is_not_repeated()
    {
        var processor = Start();
        _store.Fail(new TaskFencedException(Stage.Task, "epoch 2 has taken over"));
        await processor.AcceptAsync(Batch(0, "a"));

        await Assert.ThrowsAsync<TaskFencedException>(() => processor.Completion);

        Assert.Single(_store.Commits);
        Assert.Equal(0, _progress.NextOffset);
    }
}
