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
        _store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = Path.Combine(_directory.FullName, "lag.db") }, _time);
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
    public async Task A_task_that_stands_still_ages_by_a_second_a_second_though_its_records_are_dated_tomorrow()
    {
        await CommitAsync(0, 2, records: 5, at: Start.AddDays(1));
        var sampler = Sampler([]);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(40.0, await AgeAsync(sampler));

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(640.0, await AgeAsync(sampler));

        await CommitAsync(2, 3);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(5.0, await AgeAsync(sampler));
        await CommitAsync(3, 5);
        Assert.Equal(0.0, await AgeAsync(sampler));
    }

    [Fact]
    public async Task Records_that_come_after_a_quiet_hour_wait_since_they_came()
    {
        await CommitAsync(0, 1, records: 1, at: Start.AddDays(1));
        var sampler = Sampler([]);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0.0, await AgeAsync(sampler));

        _time.Advance(TimeSpan.FromSeconds(5));
        await AppendAsync(records: 1, at: Start.AddDays(1));
        Assert.Equal(5.0, await AgeAsync(sampler));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(35.0, await AgeAsync(sampler));
    }

    [Fact]
    public async Task A_task_that_never_ran_waits_since_it_was_first_looked_at_and_one_that_runs_here_since_its_own_commit()
    {
        await AppendAsync(records: 2, at: Start.AddDays(1));
        var progress = new TaskProgress(_time);
        var sampler = Sampler([new LocalTask(Task0, RunState.Running, progress)]);
        Assert.Equal(0.0, await AgeAsync(sampler));
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(50.0, await AgeAsync(sampler));

        progress.MoveTo(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(5.0, await AgeAsync(sampler));
    }

    [Fact]
    public async Task A_task_whose_records_are_old_is_as_far_behind_as_they_are()
    {
        await CommitAsync(0, 1, records: 2, at: Start.AddHours(-3));
        var sampler = Sampler([]);

        Assert.Equal(3 * 3600.0, await AgeAsync(sampler));
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

    private async Task<double> AgeAsync(LagSampler sampler) =>
        (await sampler.SampleAsync(default)).Tasks[0].AgeAt(_time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Appends records, if any, and commits the first task up to an offset.</summary>
    private async Task CommitAsync(long first, long next, int records = 0, DateTimeOffset at = default)
    {
        if (records > 0)
        {
            await AppendAsync(records, at);
        }

        var checkpoint = await _store.TakeOverAsync(Task0, Source, startOffset: 0);
        await _store.CommitAsync(new Commit(Task0, checkpoint.Epoch, first, next, [], [], DeadLetters: 0));
    }

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
