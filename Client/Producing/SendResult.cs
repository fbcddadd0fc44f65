namespace Orleans.Pipeline.Client;

/// <summary>The position of a sent record in the log.</summary>
/// <param name="Partition">The record's partition.</param>
/// <param name="Offset">The record's offset in its partition.</param>
public readonly record struct SendResult(TopicPartition Partition, long Offset)
{
    /// <summary>Returns the position as <c>orders/3@17</c>.</summary>
    public override string ToString() => $"{Partition}@{Offset}";
}
