namespace Orleans.Pipeline;

/// <summary>How long the values for a sink wait for more, so that deliveries are not too small. The stage's commit waits too.</summary>
/// <param name="Bytes">The bytes of records read that are enough for a delivery. Half of the task's read-ahead is always enough.</param>
/// <param name="Time">The most time that the first value waits.</param>
public readonly record struct DeliveryPace(long Bytes, TimeSpan Time)
{
    /// <summary>Returns the pace of a delivery to two sinks: the later one.</summary>
    internal static DeliveryPace? Join(DeliveryPace? left, DeliveryPace? right) => left is not { } one ? right
        : right is not { } other ? left
        : new(Math.Max(one.Bytes, other.Bytes), one.Time > other.Time ? one.Time : other.Time);
}
