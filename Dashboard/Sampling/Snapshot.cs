namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>
/// The state of pipelines, topics and nodes at one moment. A part that did not answer keeps its last known state and is listed in
/// <see cref="Outages"/>.
/// </summary>
public sealed record Snapshot
{
    /// <summary>The snapshot before the first sample.</summary>
    public static Snapshot None { get; } = new();

    /// <summary>The time of the sample.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Every pipeline, by name.</summary>
    public IReadOnlyList<PipelineStatus> Pipelines { get; init; } = [];

    /// <summary>The stages that have checkpoints and that no host defines, by pipeline, stage and topic.</summary>
    public IReadOnlyList<UndefinedStage> Undefined { get; init; } = [];

    /// <summary>Every topic, by name.</summary>
    public IReadOnlyList<TopicState> Topics { get; init; } = [];

    /// <summary>The size of the database on disk, in bytes; null if the store does not report it.</summary>
    public long? StoreBytes { get; init; }

    /// <summary>Every process that runs pipelines, by name.</summary>
    public IReadOnlyList<NodeStatus> Nodes { get; init; } = [];

    /// <summary>The parts that do not answer.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>Whether there was a sample yet.</summary>
    public bool IsKnown => At != default;

    internal bool Has(string part) => Outages.All(outage => outage.Part != part);

    /// <summary>Finds a pipeline.</summary>
    /// <param name="name">Its name.</param>
    public PipelineStatus? Pipeline(string name) => Pipelines.FirstOrDefault(pipeline => pipeline.Name == name);

    /// <summary>Finds a topic.</summary>
    /// <param name="name">Its name.</param>
    public TopicState? Topic(string name) => Topics.FirstOrDefault(topic => topic.Name == name);
}
