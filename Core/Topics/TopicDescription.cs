namespace Orleans.Pipeline;

/// <summary>The description of a topic in the log.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Settings">The topic's settings.</param>
/// <param name="CreatedAt">When the topic was created.</param>
public sealed record TopicDescription(TopicName Topic, TopicSettings Settings, DateTimeOffset CreatedAt);
