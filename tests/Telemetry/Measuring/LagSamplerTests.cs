using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Tasks;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Telemetry.Tests.Measuring;

/// <summary>The lag of tasks that run here, of paused tasks, and of tasks without an owner.</summary>
public sealed class LagSamplerTests : IAsyncLifetime
{
    private static readonly TopicPartition Source = new("source", 0);
    private static readonly TaskId Task0 = new("lags", "source", 0);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lag-");
    private readonly FakeTimeProvider _time = new(Start);
    private readonly PipelineCatalog _catalog = new();
    private SqliteStore _store = null!;

    public async Task InitializeAsync()
    {
        _catalog.Add("lags", pipeline => pipeline.From("source", Serializers.Text, partitions: 2).To(Sink.Topic("sink", partitions: 1)));
        _store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = Path.Combine(_directory.FullName, "lag.db") });
        await PipelineResources.PrepareAsync(_catalog.Pipelines, _store, _store);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_task_that_nobody_runs_is_behind_by_what_its_checkpoint_says()
    {
        await AppendAsync(records: 3, at: Start);
        var checkpoint = await _store.TakeOverAsync(Task0, Source, startOffset: 0);
        await _store.CommitAsync(new Commit(Task0, checkpoint.Epoch, 0, 2, [], [], DeadLetters: 0));
        _time.Advance(TimeSpan.FromSeconds(7));

        var task = (await Sampler([]).SampleAsync(default)).Tasks[0];

        Assert.Equal((Task0, 1, 7.0), (task.Id, task.Lag, task.AgeAt(_time.GetUtcNow().ToUnixTimeMilliseconds())));
    }

    [Fact]
    public async Task A_task_without_lag_has_no_age()
    {
        var sample = await Sampler([]).SampleAsync(default);

        Assert.Equal(2, sample.Tasks.Count);
        Assert.All(sample.Tasks, task => Assert.Equal((0, 0.0), (task.Lag, task.AgeAt(_time.GetUtcNow().ToUnixTimeMilliseconds()))));
    }

    [Fact]
    public async Task A_task_that_runs_here_is_as_far_as_it_has_committed()
    {
        await AppendAsync(records: 5, at: Start);
        var progress = new TaskProgress(_time);
        progress.MoveTo(4);

        var task = (await Sampler([new LocalTask(Task0, RunState.Running, progress)]).SampleAsync(default)).Tasks[0];

        Assert.Equal(1, task.Lag);
    }

    [Fact]
    public async Task Only_the_partitions_of_this_process_are_told_of()
    {
        await AppendAsync(records: 5, at: Start);

        var sample = await Sampler([], isMine: partition => partition.Partition == 1).SampleAsync(default);

        Assert.Equal(1, Assert.Single(sample.Tasks).Id.Partition);
        Assert.Equal((0, 0), (
            sample.Topics.Single(topic => topic.Topic == Source.Topic).Records,
            sample.Topics.Single(topic => topic.Topic == Source.Topic).Bytes));
    }

    [Fact]
    public async Task What_topics_keep_is_told_of_sources_outputs_and_dead_letters()
    {
        await AppendAsync(records: 5, at: Start);

        var sample = await Sampler([]).SampleAsync(default);

        Assert.Equal(
            ["lags.dead-letters", "sink", "source"], sample.Topics.Select(topic => topic.Topic.Value).Order(StringComparer.Ordinal));
        Assert.Equal(5, sample.Topics.Single(topic => topic.Topic == Source.Topic).Records);
    }

    private LagSampler Sampler(LocalTask[] local, Func<TopicPartition, bool>? isMine = null) => new(new GaugeSource
    {
        Catalog = _catalog,
        Log = _store,
        Checkpoints = _store,
        PartitionsOf = topic => topic == Source.Topic ? 2 : 1,
        IsMine = isMine ?? (_ => true),
        LocalTasks = () => local,
        Workers = 1,
        ListUndefined = _ => new([]),
        TimeProvider = _time,
    });

    private async Task AppendAsync(int records, DateTimeOffset at)
    {
        var builder = new RecordBatchBuilder();
        for (var record = 0; record < records; record++)
        {
            builder.Append(default, "x"u8, at.ToUnixTimeMilliseconds());
        }

        await _store.AppendAsync(Source, builder.Build());
    }
}
