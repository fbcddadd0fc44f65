using System.Text;
using Orleans.Pipeline.Processing.Tests.Pipelines;
using Orleans.Pipeline.Processing.Tests.Simulation;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>Commits of a stage with a sink that wants large deliveries, as a JSON-lines sink does.</summary>
public sealed class DeliveryPaceTests
{
    private readonly List<int> _deliveries = [];
    private readonly SeededScheduler _scheduler = new(new Random(1));
    private readonly HeldStore _store = new();
    private readonly TaskProgress _progress;

    public DeliveryPaceTests() => _progress = new TaskProgress(_scheduler.Time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Records_that_come_one_by_one_are_one_delivery_after_the_time_of_the_sink(bool lowLatency) => _scheduler.Run(async () =>
    {
        await using var processor = Start(lowLatency ? PipelineProfile.LowLatency : PipelineProfile.Balanced, 1 << 20);
        for (var offset = 0; offset < 100; offset++)
        {
            await processor.AcceptAsync(Batch(offset, 10));
            await Task.Delay(TimeSpan.FromMilliseconds(10), _scheduler.Time);
        }

        _store.Succeed();
        await _progress.WhenCommittedAsync(100);

        Assert.Equal([100], _deliveries);
    });

    [Fact]
    public void A_delivery_that_is_large_enough_does_not_wait_nor_does_a_full_read_ahead_or_a_drain() => _scheduler.Run(async () =>
    {
        await using var processor = Start(PipelineProfile.LowLatency, 10_000, fileBytes: 1000, fileTime: TimeSpan.FromHours(1));
        var began = _scheduler.Time.GetUtcNow();
        _store.Succeed();
        await processor.AcceptAsync(Batch(0, 2000));
        await _progress.WhenCommittedAsync(1);

        await processor.AcceptAsync(Batch(1, 600));
        _store.Succeed();
        await processor.AcceptAsync(Batch(2, 9900));
        await _progress.WhenCommittedAsync(2);

        _store.Succeed();
        await _progress.WhenCommittedAsync(3);
        await processor.AcceptAsync(Batch(3, 10));
        _store.Succeed();
        await processor.DrainAsync();

        Assert.Equal([1, 1, 1, 1], _deliveries);
        Assert.InRange(_scheduler.Time.GetUtcNow() - began, TimeSpan.Zero, TimeSpan.FromMinutes(30));
    });

    [Fact]
    public void Records_without_values_for_the_sink_commit_at_the_pace_of_the_profile() => _scheduler.Run(async () =>
    {
        await using var processor = Start(PipelineProfile.LowLatency, 1 << 20, fileTime: TimeSpan.FromHours(1), keep: _ => false);
        _store.Succeed();
        await processor.AcceptAsync(Batch(0, 10));
        await _progress.WhenCommittedAsync(1);

        Assert.Empty(_deliveries);
    });

    private static RecordBatch Batch(long baseOffset, int bytes)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, Encoding.UTF8.GetBytes(new string('a', bytes)), timestamp: 0);
        return RecordBatch.Trust(builder.Build().Bytes.ToArray().AsMemory(), baseOffset);
    }

    private PartitionProcessor Start(
        PipelineProfile profile, long readAhead, long fileBytes = 8 << 20, TimeSpan? fileTime = null, Func<ReadOnlyMemory<byte>, bool>? keep = null)
    {
        var stage = new Stage(pipeline => pipeline.From("source").Where(keep ?? (_ => true))
            .To(new PacedSink(_deliveries, new(fileBytes, fileTime ?? TimeSpan.FromSeconds(5)))));
        return new(
            new Checkpoint(Stage.Task, new("source", 0), Epoch: 1, NextOffset: 0, DeadLetters: 0, _scheduler.Time.GetUtcNow()),
            new ProcessorSettings
            {
                Profile = profile,
                ReadAheadBytes = readAhead,
                Workers = new HeldWorkers(stage.Program) { AreFree = true },
                Committer = _store,
                Logger = new RememberedLog(),
                TimeProvider = _scheduler.Time,
            },
            _progress);
    }

    private sealed class PacedSink(List<int> deliveries, DeliveryPace pace) : ISink<ReadOnlyMemory<byte>>
    {
        public DeliveryPace? Pace => pace;

        public ValueTask WriteAsync(Delivery<ReadOnlyMemory<byte>> delivery, CancellationToken cancellationToken)
        {
            deliveries.Add(delivery.Values.Count);
            return ValueTask.CompletedTask;
        }
    }
}
