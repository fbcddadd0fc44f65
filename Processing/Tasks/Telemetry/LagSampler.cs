namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>Samples the lag of tasks, and the records and bytes that topics keep. Supports one caller at a time.</summary>
internal sealed class LagSampler(GaugeSource source)
{
    /// <summary>
    /// The most batches that one sample reads to find the age of records. The other tasks' turn comes with the next samples.
    /// </summary>
    private const int MaximumReads = 32;

    private readonly Dictionary<TaskId, (long Offset, long Timestamp)> _known = [];
    private readonly Dictionary<TaskId, Standing> _standing = [];

    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<LagSample> SampleAsync(CancellationToken cancellationToken)
    {
        var committed = (await source.Checkpoints.ListAsync(cancellationToken)).ToDictionary(checkpoint => checkpoint.Task);
        var local = source.LocalTasks().DistinctBy(task => task.Id).ToDictionary(task => task.Id);
        var (topics, tasks, reads) = (new List<TopicSample>(), new List<TaskSample>(), MaximumReads);
        foreach (var topic in source.Topics)
        {
            var bounds = await source.Log.GetTopicBoundsAsync(topic, cancellationToken);
            var mine = source.PartitionsFor(topic).Where(partition => partition.Partition < bounds.Count).ToList();
            topics.Add(new TopicSample(
                topic,
                mine.Sum(partition => bounds[partition.Partition].End - bounds[partition.Partition].Start),
                mine.Sum(partition => bounds[partition.Partition].Bytes)));
            foreach (var stage in source.Stages.Where(stage => stage.Source == topic))
            {
                foreach (var partition in mine)
                {
                    var id = new TaskId(stage.Pipeline, stage.Name, partition.Partition);
                    var held = bounds[partition.Partition];
                    var checkpoint = committed.GetValueOrDefault(id) is { } found && found.Source == partition ? found : null;
                    var next = Math.Max(
                        local.TryGetValue(id, out var task) ? task.Progress.NextOffset : checkpoint?.NextOffset ?? 0, held.Start);
                    var lag = Lag.Of(held, next);
                    var oldest = lag == 0 ? null : task.OldestTimestamp ?? Known(id, next);
                    if (lag > 0 && oldest is null && reads-- > 0)
                    {
                        oldest = await ReadTimestampAsync(id, partition, next, cancellationToken);
                    }

                    tasks.Add(new TaskSample(id, lag, oldest, StandsSince(id, next, lag, checkpoint)));
                }
            }
        }

        return new LagSample(
            topics, tasks, await source.ListUndefined(cancellationToken), await source.Log.GetSizeAsync(cancellationToken));
    }

    /// <summary>
    /// Returns since when a task has committed nothing although records wait: since its last commit, or since the last look at which it
    /// had none to commit, whichever is later. So a stage that is behind is seen whatever times its records carry, and a record that
    /// comes after a quiet hour does not count that hour.
    /// </summary>
    private long? StandsSince(TaskId task, long next, long lag, Checkpoint? checkpoint)
    {
        var now = source.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var isKnown = _standing.TryGetValue(task, out var before);
        var since = isKnown && before.Next == next && before.Since is { } standing ? standing
            : Math.Min(now, Math.Max(
                isKnown ? before.LookedAt : long.MinValue,
                checkpoint?.CommittedAt.ToUnixTimeMilliseconds() ?? (isKnown ? long.MinValue : now)));
        _standing[task] = new Standing(next, lag > 0 ? since : null, now);
        return lag > 0 ? since : null;
    }

    private long? Known(TaskId task, long offset) =>
        _known.TryGetValue(task, out var known) && known.Offset == offset ? known.Timestamp : null;

    private async ValueTask<long?> ReadTimestampAsync(
        TaskId task, TopicPartition partition, long offset, CancellationToken cancellationToken)
    {
        try
        {
            var batches = await source.Log.ReadAsync(partition, offset, maximumBytes: 1, TimeSpan.Zero, cancellationToken);
            if (batches.Count == 0)
            {
                return null;
            }

            _known[task] = (offset, batches[0].BaseTimestamp);
            return batches[0].BaseTimestamp;
        }
        catch (OffsetOutOfRangeException)
        {
            // Retention has removed the record meanwhile. The next sample begins at the new start.
            return null;
        }
    }

    /// <summary>What the last look at a task saw.</summary>
    /// <param name="Next">The first offset that the task had not committed.</param>
    /// <param name="Since">Since when it had committed nothing although records waited; null if none waited.</param>
    /// <param name="LookedAt">When that was.</param>
    private readonly record struct Standing(long Next, long? Since, long LookedAt);
}

internal sealed record LagSample(
    IReadOnlyList<TopicSample> Topics, IReadOnlyList<TaskSample> Tasks, IReadOnlyList<UndefinedStage> Undefined, long? StoreBytes)
{
    public static LagSample None { get; } = new([], [], [], StoreBytes: null);
}

internal readonly record struct TopicSample(TopicName Topic, long Records, long Bytes);

/// <summary>The lag of a task.</summary>
/// <param name="Id">The task.</param>
/// <param name="Lag">Records not yet committed.</param>
/// <param name="OldestTimestamp">The timestamp of the oldest of them; null if there is none, or if it is not known yet.</param>
/// <param name="StandsSince">Since when the task has committed nothing although records wait; null if none wait.</param>
internal readonly record struct TaskSample(TaskId Id, long Lag, long? OldestTimestamp, long? StandsSince)
{
    /// <summary>The age of that record, or the time for which the task has stood still, whichever is longer, in seconds.</summary>
    /// <param name="now">The time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    public double AgeAt(long now) => Math.Max(0, now - Math.Min(OldestTimestamp ?? now, StandsSince ?? now)) / 1000.0;
}
