namespace Orleans.Pipeline.Topics;

/// <summary>What only the owner of the log may do: a store has it, a client of one does not.</summary>
public interface ITopicStore : ITopicLog
{
    /// <summary>Deletes a topic and its records.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="TopicInUseException">A pipeline has a checkpoint on it.</exception>
    ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies every topic's retention: removes whole batches that are too old or too many and that every pipeline with a
    /// checkpoint on the topic has committed (or any, where the topic discards unread records, counting those).
    /// </summary>
    /// <param name="now">The time by which age is judged.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many records were removed.</returns>
    ValueTask<long> TrimAsync(DateTimeOffset now, CancellationToken cancellationToken = default);
}
