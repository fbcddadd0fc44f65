namespace Orleans.Pipeline;

/// <summary>The description of a topic in the log.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Settings">The topic's settings.</param>
/// <param name="CreatedAt">When the topic was created.</param>
public sealed record TopicDescription(TopicName Topic, TopicSettings Settings, DateTimeOffset CreatedAt)
{
    /// <summary>
    /// The topic's identity: a topic that is deleted and created again has another. <see cref="Guid.Empty"/> if the log does not report it.
    /// </summary>
    public Guid Id { get; init; }
}
