using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>
/// Pipelines and stages that are no more: their checkpoints hold records and topics, are named, and are let go of by an operator or after
/// a time.
/// </summary>
public sealed class ForgettingTests : IAsyncLifetime
{
    private static readonly TopicPartition Events = new("events", 0);
    private static readonly TopicPartition Others = new("others", 0);
    private static readonly TaskId Gone = new("gone", "read", 0);

    private readonly TemporaryDirectory _folder = new();
    private readonly ShiftedClock _clock = new();
    private EmbeddedPipelines _pipelines = null!;

    private EmbeddedEngine Engine => _pipelines.Engine;

    private ITopicStore Store => Engine.Store;

    private ICheckpointStore Checkpoints => Engine.Store;

    public async Task InitializeAsync()
    {
        await StartAsync(pipelines => Read(Read(pipelines, "kept", "read", "events"), "gone", "read", "events"));
        await AppendAsync(Events, 3);
        await Engine.WhenCommittedAsync(new("kept", "read", 0), 3);
        await Engine.WhenCommittedAsync(Gone, 3);
    }

    public async Task DisposeAsync()
    {
        await _pipelines.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_pipeline_that_is_no_more_is_named_and_holds_records_until_it_is_forgotten()
    {
        await RestartAsync(pipelines => Read(pipelines, "kept", "read", "events"));
        await AppendAsync(Events, 5);
        await Engine.WhenCommittedAsync(new("kept", "read", 0), 8);
        Assert.Equal(3, await TrimAsync(Events));

        var undefined = Assert.Single(await Engine.ListUndefinedAsync());
        Assert.Equal(("gone", "read", "events", 5L), (undefined.Pipeline, undefined.Stage, undefined.Topic.Value, undefined.Records));
        Assert.Equal(undefined.DefinedAt + TimeSpan.FromDays(1), undefined.ForgetAt);
        Assert.Equal(["kept"], (await Engine.ListStatusesAsync()).Select(status => status.Name));

        Assert.Equal([undefined], await Engine.ForgetAsync("gone"));

        Assert.Empty(await Engine.ListUndefinedAsync());
        Assert.Equal(8, await TrimAsync(Events));
        await Assert.ThrowsAsync<UnknownPipelineException>(() => Engine.ForgetAsync("gone").AsTask());
    }

    [Fact]
    public async Task A_topic_that_only_a_pipeline_read_that_is_no_more_is_deleted_after_it_is_forgotten()
    {
        await RestartAsync(_ => { });
        await Engine.ForgetAsync("kept");
        var refused = await Assert.ThrowsAsync<TopicInUseException>(() => Store.DeleteTopicAsync("events").AsTask());
        Assert.Contains("pipeline forget gone", refused.Message, StringComparison.Ordinal);

        await Engine.ForgetAsync("gone", "read");

        await Store.DeleteTopicAsync("events");
    }

    [Fact]
    public async Task A_stage_that_was_renamed_is_named_under_its_old_name_and_the_new_one_stays()
    {
        await RestartAsync(pipelines => Read(Read(pipelines, "kept", "read", "events"), "gone", "renamed", "events"));
        await Engine.WhenCommittedAsync(Gone with { Stage = "renamed" }, 3);

        var undefined = Assert.Single(await Engine.ListUndefinedAsync());
        Assert.Equal(("gone", "read"), (undefined.Pipeline, undefined.Stage));
        await Assert.ThrowsAsync<PipelineDefinedException>(() => Engine.ForgetAsync("gone", "renamed").AsTask());

        await Engine.ForgetAsync("gone");

        Assert.Equal(["gone/renamed/0", "kept/read/0"], await ListTasksAsync());
    }

    [Fact]
    public async Task A_stage_that_reads_another_topic_now_begins_there_once_the_old_checkpoint_is_forgotten()
    {
        await RestartAsync(pipelines => Read(Read(pipelines, "kept", "read", "events"), "gone", "read", "others"));
        await AppendAsync(Others, 2);

        var undefined = Assert.Single(await Engine.ListUndefinedAsync());
        Assert.Equal(("gone", "read", "events"), (undefined.Pipeline, undefined.Stage, undefined.Topic.Value));
        Assert.Equal(Events, (await Checkpoints.ListAsync()).Single(checkpoint => checkpoint.Task == Gone).Source);

        Assert.Equal(2, (await Engine.GetStatusAsync("gone")).Lag);
        Assert.Equal(2, await Engine.GetLagAsync("others"));
        await Assert.ThrowsAsync<TaskSourceChangedException>(() => Engine.SeekAsync("gone", SeekTarget.Start).AsTask());

        await Engine.ForgetAsync("gone", "read");

        await Engine.WhenCommittedAsync(Gone, 2);
        Assert.Equal(Others, (await Checkpoints.ListAsync()).Single(checkpoint => checkpoint.Task == Gone).Source);
        Assert.Empty(await Engine.ListUndefinedAsync());
    }

    [Fact]
    public async Task What_a_host_defines_is_not_forgotten_paused_or_not()
    {
        await Engine.PauseAsync("gone");
        var refused = await Assert.ThrowsAsync<PipelineDefinedException>(() => Engine.ForgetAsync("gone").AsTask());
        Assert.Contains("Take it out of the deployment first", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PipelineDefinedException>(() => Engine.ForgetAsync("kept", "read").AsTask());

        await LookForAsync(TimeSpan.FromDays(3));

        Assert.Equal(["gone/read/0", "kept/read/0"], await ListTasksAsync());
        Assert.All(
            await Checkpoints.ListAsync(), checkpoint => Assert.InRange(_clock.GetUtcNow() - checkpoint.DefinedAt, TimeSpan.Zero, TimeSpan.FromHours(2)));
    }

    [Fact]
    public async Task A_stage_that_no_host_has_defined_for_a_day_is_let_go_of_by_itself_and_not_before()
    {
        await Engine.PauseAsync("gone");
        await RestartAsync(pipelines => Read(pipelines, "kept", "read", "events"));

        await LookForAsync(TimeSpan.FromHours(23));
        Assert.Equal(["gone/read/0", "kept/read/0"], await ListTasksAsync());
        await LookForAsync(TimeSpan.FromHours(2));

        Assert.Equal(["kept/read/0"], await ListTasksAsync());
        Assert.False(await Checkpoints.IsPausedAsync("gone"));
    }

    [Fact]
    public async Task A_host_that_comes_back_after_days_lets_go_of_nothing_for_an_hour()
    {
        _clock.Shift(TimeSpan.FromDays(9));
        await RestartAsync(pipelines => Read(pipelines, "kept", "read", "events"));

        await LookForAsync(TimeSpan.FromMinutes(50));
        Assert.Equal(["gone/read/0", "kept/read/0"], await ListTasksAsync());

        await RestartAsync(pipelines => Read(Read(pipelines, "kept", "read", "events"), "gone", "read", "events"));
        await LookForAsync(TimeSpan.FromDays(1));
        Assert.Equal(["gone/read/0", "kept/read/0"], await ListTasksAsync());
    }

    [Fact]
    public async Task The_time_after_which_a_stage_is_let_go_of_is_a_setting()
    {
        await RestartAsync(pipelines => Read(pipelines, "kept", "read", "events"), forgetAfter: TimeSpan.FromMinutes(5));

        await LookForAsync(TimeSpan.FromMinutes(20));

        Assert.Equal(["kept/read/0"], await ListTasksAsync());
    }

    private static PipelineCatalog Read(PipelineCatalog pipelines, string pipeline, string stage, string topic) =>
        pipelines.Add(pipeline, define => define.From(topic, partitions: 1, stage: stage).To(Sink.Topic("copies", partitions: 1)));

    /// <summary>Lets time pass, and lets the engine look again and again.</summary>
    private async Task LookForAsync(TimeSpan time)
    {
        var steps = 10;
        for (var step = 0; step < steps; step++)
        {
            _clock.Shift(time / steps);
            await Engine.LookForUndefinedAsync(CancellationToken.None);
        }
    }

    private async Task<IEnumerable<string>> ListTasksAsync() =>
        (await Checkpoints.ListAsync()).Select(checkpoint => checkpoint.Task.ToString());

    /// <summary>Applies retention as long after as it takes; returns where the partition begins then.</summary>
    private async Task<long> TrimAsync(TopicPartition partition)
    {
        await Store.TrimAsync(_clock.GetUtcNow() + TimeSpan.FromDays(100));
        return (await Store.GetBoundsAsync(partition)).Start;
    }

    private async Task AppendAsync(TopicPartition partition, int records)
    {
        var builder = new RecordBatchBuilder();
        for (var record = 0; record < records; record++)
        {
            builder.Append(default, "x"u8, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        }

        await _pipelines.Topics.AppendAsync(partition, builder.Build());
    }

    private async Task RestartAsync(Action<PipelineCatalog> define, TimeSpan? forgetAfter = null)
    {
        await _pipelines.DisposeAsync();
        await StartAsync(define, forgetAfter);
    }

    private async Task StartAsync(Action<PipelineCatalog> define, TimeSpan? forgetAfter = null)
    {
        var settings = EmbeddedSettings.For(_folder["pipeline.db"]) with { RetentionInterval = TimeSpan.FromDays(30) };
        _pipelines = await EmbeddedPipelines.StartAsync(
            forgetAfter is { } time ? settings with { ForgetAfter = time } : settings,
            define,
            services => services.AddSingleton<TimeProvider>(_clock));
    }

    /// <summary>The system's clock, moved ahead; its timers keep to the system's time.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private TimeSpan _ahead;

        public void Shift(TimeSpan time) => _ahead += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
    }
}
