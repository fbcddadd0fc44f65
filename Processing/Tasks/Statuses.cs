using Orleans.Pipeline.Operations;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

internal static class Statuses
{
    public static PipelineStatus Of(
        PipelineDefinition pipeline, RunState state, IReadOnlyList<StageStatus> stages, LatencyHistogram latency)
    {
        var tasks = stages.SelectMany(stage => stage.Tasks).ToList();
        return new PipelineStatus
        {
            Name = pipeline.Name,
            State = state,
            Profile = pipeline.Profile.Name,
            Stages = stages,
            Processed = tasks.Sum(task => task.Processed),
            DeadLetters = tasks.Sum(task => task.DeadLetters),
            Lag = tasks.Sum(task => task.Lag),
            RecordsPerSecond = tasks.Sum(task => task.RecordsPerSecond),
            Latency = latency.ToStatus(),
            DeadLetterTopic = pipeline.DeadLetters,
            Settings = SettingsOf(pipeline),
            BytesPerSecond = tasks.Sum(task => task.BytesPerSecond),
        };
    }

    /// <summary>Returns the status of a stage. A task without rates in <paramref name="written"/> wrote nothing.</summary>
    public static StageStatus Of(
        StageDefinition stage,
        IReadOnlyList<StageTaskStatus> tasks,
        WorkersStatus workers,
        IReadOnlyList<IReadOnlyList<double>> written) => new(
            stage.Name,
            stage.Source,
            tasks,
            stage.Steps,
            [.. stage.Sinks.Select((sink, index) => StatusOf(sink, written.Sum(task => index < task.Count ? task[index] : 0)))],
            workers);

    private static PipelineSettings SettingsOf(PipelineDefinition pipeline) => new()
    {
        BatchBytes = pipeline.Profile.BatchBytes,
        LingerMs = pipeline.Profile.Linger.TotalMilliseconds,
        ReadAheadBytes = pipeline.Profile.ReadAheadBytes,
        ReadBytes = pipeline.Profile.ReadBytes,
        ChunkRecords = pipeline.Profile.ChunkRecords,
        CommitIntervalMs = pipeline.Profile.CommitInterval.TotalMilliseconds,
        CommitBytes = pipeline.Profile.CommitBytes,
        Workers = pipeline.Profile.Workers,
        Attempts = pipeline.Retry.Attempts,
    };

    private static SinkStatus StatusOf(BoundSink sink, double recordsPerSecond) => sink switch
    {
        { Topic: { } topic } => new SinkStatus(SinkKind.Topic, topic.Value, recordsPerSecond),
        { Table: { } table } => new SinkStatus(SinkKind.Table, table.Name, recordsPerSecond),
        _ => new SinkStatus(SinkKind.Other, sink.Name, recordsPerSecond),
    };
}
