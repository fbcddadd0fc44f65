namespace Orleans.Pipeline.Contracts;

/// <summary>What operators see of an engine. Every engine is held to it, on a real store.</summary>
public abstract partial class EngineBehaviour : EnginePipelines
{
    private static readonly TaskId Task0 = new("doubles", "numbers", 0);
    private static readonly TopicPartition Texts0 = new("texts", 0);
    private static readonly TaskId Parse0 = new("parses", "texts", 0);
    private static readonly TaskId Copy0 = new("copies", "texts", 0);

    [Fact]
    public async Task Every_record_has_its_effect_once_and_in_order()
    {
        await AppendAsync(0, 1000);
        await Running.WhenCommittedAsync(Task0, 1000);

        Assert.Equal(Enumerable.Range(0, 1000).Where(Fits).Select(number => $"{number * 2}"), await OutputAsync());
    }

    [Fact]
    public async Task A_malformed_record_becomes_a_dead_letter_and_stops_nobody()
    {
        await AppendTextAsync("1", "x", "4");
        await Running.WhenCommittedAsync(Task0, 3);

        Assert.Equal(["2", "8"], await OutputAsync());
        var letter = Assert.Single(await ReadAsync(new TopicPartition("doubles.dead-letters", 0)));
        Assert.Equal("x", letter);
        var status = await Running.Engine.GetStatusAsync("doubles");
        Assert.Equal((2, 1, 0), (status.Processed, status.DeadLetters, status.Lag));
    }

    [Fact]
    public async Task A_paused_pipeline_takes_in_nothing_until_it_is_resumed_also_over_a_restart()
    {
        await Running.Engine.PauseAsync("doubles");
        await AppendAsync(0, 10);
        Assert.Equal(RunState.Paused, (await Running.Engine.GetStatusAsync("doubles")).State);
        Assert.Equal(10, (await Running.Engine.GetStatusAsync("doubles")).Lag);

        await Running.RestartAsync();
        Assert.Equal(RunState.Paused, (await Running.Engine.GetStatusAsync("doubles")).State);
        Assert.Empty(await OutputAsync());

        await Running.Engine.ResumeAsync("doubles");
        await Running.WhenCommittedAsync(Task0, 10);
        Assert.NotEmpty(await OutputAsync());
    }

    [Fact]
    public async Task A_seek_to_the_start_processes_everything_again()
    {
        await AppendAsync(0, 10);
        await Running.WhenCommittedAsync(Task0, 10);
        var once = (await OutputAsync()).Count;

        await Running.Engine.SeekAsync("doubles", SeekTarget.Start);
        await Running.Engine.DrainAsync("doubles");
        Assert.Equal(once * 2, (await OutputAsync()).Count);
    }

    [Fact]
    public async Task A_seek_skips_what_lies_before_its_offset()
    {
        await Running.Engine.PauseAsync("doubles");
        await AppendAsync(0, 20);
        await Running.Engine.SeekAsync("doubles", SeekTarget.At(partition: 0, offset: 14));
        await Running.Engine.ResumeAsync("doubles");
        await Running.WhenCommittedAsync(Task0, 20);

        Assert.Equal(Enumerable.Range(14, 6).Where(Fits).Select(number => $"{number * 2}"), await OutputAsync());
    }

    [Fact]
    public async Task A_seek_cancels_the_steps_in_flight_and_goes_on_elsewhere()
    {
        await AppendTextAsync(new TopicPartition("held", 0), "1", "2");
        await Waiting;

        await Running.Engine.SeekAsync("waits", SeekTarget.End);
        await Cancelled;
        Assert.Equal(0, await Running.Engine.GetLagAsync("held"));
        Assert.Empty(await ReadAsync(new TopicPartition("released", 0)));
    }

    [Fact]
    public async Task A_seek_outside_the_partition_is_refused_and_moves_nothing()
    {
        await AppendAsync(0, 5);
        var error = await Assert.ThrowsAsync<InvalidSeekException>(
            async () => await Running.Engine.SeekAsync("doubles", SeekTarget.At(partition: 0, offset: 6)));
        Assert.Contains("holds offsets 0 to 5", error.Message, StringComparison.Ordinal);
        await Running.WhenCommittedAsync(Task0, 5);
    }

    [Fact]
    public async Task Draining_processes_what_is_there_and_then_pauses()
    {
        await AppendAsync(0, 5000);
        await Running.Engine.DrainAsync("doubles");

        var status = await Running.Engine.GetStatusAsync("doubles");
        Assert.Equal((RunState.Paused, 0L), (status.State, status.Lag));
        await Assert.ThrowsAsync<PipelinePausedException>(async () => await Running.Engine.DrainAsync("doubles"));
    }

    [Fact]
    public async Task Draining_goes_on_when_nobody_waits_for_it_any_more()
    {
        await AppendAsync(0, 5000);
        using var impatient = new CancellationTokenSource();
        var draining = Running.Engine.DrainAsync("doubles", impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Task.WhenAny(draining);

        await Assert.ThrowsAnyAsync<PipelinePausedException>(async () =>
        {
            await Running.Engine.DrainAsync("doubles");
            await Running.Engine.DrainAsync("doubles");
        });
        Assert.Equal(
            (RunState.Paused, 0L), ((await Running.Engine.GetStatusAsync("doubles")).State, await Running.Engine.GetLagAsync("numbers")));
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_last_commit_was()
    {
        await AppendAsync(0, 1000);
        await Running.RestartAsync();
        await AppendAsync(1000, 1000);
        await Running.WhenCommittedAsync(Task0, 2000);

        Assert.Equal(Enumerable.Range(0, 2000).Where(Fits).Select(number => $"{number * 2}"), await OutputAsync());
    }

    [Fact]
    public async Task The_lag_counts_the_records_that_the_slowest_pipeline_has_yet_to_commit()
    {
        await Running.Engine.PauseAsync("doubles");
        await AppendAsync(0, 7);

        Assert.Equal(7, await Running.Engine.GetLagAsync("numbers"));
        Assert.Equal(0, await Running.Engine.GetLagAsync("doubled"));
        await Running.Engine.ResumeAsync("doubles");
        await Running.WhenCommittedAsync(Task0, 7);
        Assert.Equal(0, await Running.Engine.GetLagAsync("numbers"));
    }

    [Fact]
    public async Task A_status_tells_what_a_pipeline_is_made_of_and_how_it_is_set()
    {
        var status = await Running.Engine.GetStatusAsync("doubles");

        Assert.Equal("doubles.dead-letters", status.DeadLetterTopic.Value);
        Assert.Equal(
            (256 << 10, 5, 20, 4),
            (status.Settings.BatchBytes, status.Settings.LingerMs, status.Settings.CommitIntervalMs, status.Settings.Attempts));
        var stage = Assert.Single(status.Stages);
        Assert.Equal(["Parse", "Where", "Map"], stage.Steps);
        Assert.Equal([(SinkKind.Topic, "doubled"), (SinkKind.Other, nameof(Nowhere))], stage.Sinks.Select(sink => (sink.Kind, sink.Name)));
        var table = Assert.Single(Assert.Single((await Running.Engine.GetStatusAsync("mends")).Stages).Sinks);
        Assert.Equal((SinkKind.Table, "mended"), (table.Kind, table.Name));
    }

    [Fact]
    public async Task A_status_tells_how_busy_the_workers_are_and_on_which_node()
    {
        await AppendTextAsync(new TopicPartition("held", 0), "1", "2");
        await Waiting;

        var stage = Assert.Single((await Running.Engine.GetStatusAsync("waits")).Stages);
        Assert.Equal((1, 0), (stage.Workers.Busy, stage.Workers.Waiting));
        Assert.InRange(stage.Workers.Limit, 1, Math.Max(2, Environment.ProcessorCount));
        Assert.Contains(Assert.Single(stage.Tasks).Node, (await Running.Engine.ListNodesAsync()).Select(node => node.Name));
        await LetGoAsync();
    }

    [Fact]
    public async Task Retries_bytes_and_what_goes_to_sinks_are_counted_once_they_are_committed()
    {
        await AppendTextAsync(new TopicPartition("broken", 0), "1", "2", "3");
        await Running.WhenCommittedAsync(new TaskId("mends", "broken", 0), 3);

        var stage = Assert.Single((await Running.Engine.GetStatusAsync("mends")).Stages);
        Assert.True(Assert.Single(stage.Sinks).RecordsPerSecond > 0);
        var task = Assert.Single(stage.Tasks);
        Assert.Equal((3, 0, 3), (task.Processed, task.DeadLetters, task.Retries));
        Assert.True(task.BytesPerSecond > 0);
    }

    [Fact]
    public async Task The_nodes_own_every_partition_and_run_every_task_beside_a_step_that_hangs()
    {
        await AppendTextAsync(new TopicPartition("held", 0), "1");
        await Waiting;
        await AppendAsync(0, 1);
        await AppendTextAsync(new TopicPartition("broken", 0), "1");
        await AppendTextAsync(new TopicPartition("texts", 0), "1");
        TaskId[] tasks = [Task0, new("mends", "broken", 0), new("copies", "texts", 0), new("awaits", "texts", 0), new("parses", "texts", 0), new("parses", "parsed", 0)];
        var nodes = await NodesRunningAsync(tasks, held: new("waits", "held", 0));

        Assert.All(nodes, node => Assert.Equal(NodeState.Active, node.State));
        Assert.Equal(nodes.Select(node => node.Name).Order(StringComparer.Ordinal), nodes.Select(node => node.Name));
        var topics = await Running.Topics.ListTopicsAsync();
        Assert.Equal(
            (topics.Sum(topic => topic.Settings.Partitions), tasks.Length + 1),
            (nodes.Sum(node => node.Load!.Partitions), nodes.Sum(node => node.Load!.Tasks)));
        var load = nodes[0].Load!;
        Assert.InRange(load.Cpu, 0, load.Cores);
        Assert.InRange(load.GcPauseShare, 0, 1);
        Assert.True(load is { WorkingSetBytes: > 0, HeapBytes: > 0 } && load.Gen0Collections >= load.Gen2Collections);
        Assert.InRange(nodes[0].StartedAt!.Value, DateTimeOffset.UtcNow.AddSeconds(-load.UptimeSeconds - 60), DateTimeOffset.UtcNow);
        Assert.StartsWith("0.", nodes[0].Version, StringComparison.Ordinal);
        await LetGoAsync();
    }

    [Fact]
    public async Task An_unknown_pipeline_is_named_with_those_there_are()
    {
        var error = await Assert.ThrowsAsync<UnknownPipelineException>(async () => await Running.Engine.PauseAsync("triples"));
        Assert.Contains("'doubles'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Lists the nodes once every task has committed a record or is held by one. Silos learn of each other in turn, so a task may have
    /// begun on the wrong silo. The next call moves it.
    /// </summary>
    private async Task<IReadOnlyList<NodeStatus>> NodesRunningAsync(TaskId[] tasks, TaskId held)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        IReadOnlyList<NodeStatus> nodes;
        do
        {
            await Task.WhenAll([.. tasks.Select(task => Running.WhenCommittedAsync(task, 1)), Running.WhenCommittedAsync(held, 0)]);
            nodes = await Running.Engine.ListNodesAsync();
        }
        while (nodes.Sum(node => node.Load?.Tasks) != tasks.Length + 1 && !patience.IsCancellationRequested);

        return nodes;
    }
}
