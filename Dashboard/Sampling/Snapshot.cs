namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>How everything is at one moment. What did not answer is as it was when it last did, and told of in <see cref="Outages"/>.</summary>
public sealed record Snapshot
{
    /// <summary>Before anything was asked.</summary>
    public static Snapshot None { get; } = new();

    /// <summary>When it was sampled.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Every pipeline, by name.</summary>
    public IReadOnlyList<PipelineStatus> Pipelines { get; init; } = [];

    /// <summary>Every topic, by name.</summary>
    public IReadOnlyList<TopicState> Topics { get; init; } = [];

    /// <summary>What the database takes on its disk, in bytes; null if the store does not tell.</summary>
    public long? StoreBytes { get; init; }

    /// <summary>Every process that runs pipelines, by name.</summary>
    public IReadOnlyList<NodeStatus> Nodes { get; init; } = [];

    /// <summary>What does not answer.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>Whether anything was sampled yet.</summary>
    public bool IsKnown => At != default;

    /// <summary>Whether a part answered.</summary>
    internal bool Has(string part) => Outages.All(outage => outage.Part != part);

    /// <summary>Finds a pipeline.</summary>
    /// <param name="name">Its name.</param>
    public PipelineStatus? Pipeline(string name) => Pipelines.FirstOrDefault(pipeline => pipeline.Name == name);

    /// <summary>Finds a topic.</summary>
    /// <param name="name">Its name.</param>
    public TopicState? Topic(string name) => Topics.FirstOrDefault(topic => topic.Name == name);
}
