namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>A topic at one moment.</summary>
/// <param name="Description">The topic and its settings.</param>
/// <param name="Bounds">The bounds of each partition.</param>
public sealed record TopicState(TopicDescription Description, IReadOnlyList<PartitionBounds> Bounds)
{
    /// <summary>The topic's name.</summary>
    public string Name { get; } = Description.Topic.Value;

    /// <summary>Records kept.</summary>
    public long Records { get; } = Bounds.Sum(partition => partition.End - partition.Start);

    /// <summary>Bytes kept.</summary>
    public long Bytes { get; } = Bounds.Sum(partition => partition.Bytes);

    /// <summary>Records removed before every pipeline had committed them.</summary>
    public long Discarded { get; } = Bounds.Sum(partition => partition.Discarded);
}
