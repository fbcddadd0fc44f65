namespace Orleans.Pipeline;

/// <summary>One partition of a topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition, from 0 to the topic's partition count less one.</param>
public readonly record struct TopicPartition(TopicName Topic, int Partition)
{
    /// <summary>The topic and partition as <c>orders/3</c>.</summary>
    public override string ToString() => $"{Topic}/{Partition}";
}
