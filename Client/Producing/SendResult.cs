namespace Orleans.Pipeline.Client;

/// <summary>Where a sent record is in the log.</summary>
/// <param name="Partition">The partition it was appended to.</param>
/// <param name="Offset">Its offset there.</param>
public readonly record struct SendResult(TopicPartition Partition, long Offset)
{
    /// <summary>The position as <c>orders/3@17</c>.</summary>
    public override string ToString() => $"{Partition}@{Offset}";
}
