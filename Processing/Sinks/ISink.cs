namespace Orleans.Pipeline;

/// <summary>
/// A sink of one's own. Deliveries are made before the offset is committed, so after a crash the last one may come again, perhaps
/// cut differently: effects are at least once, and exactly once for a sink that drops what it has by <see cref="Delivery{T}.FirstOffset"/>
/// and <see cref="DeliveredValue{T}.Offset"/>.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
public interface ISink<T>
{
    /// <summary>
    /// Opens the sink for a task, before the first delivery and after every seek. Values of this task that the sink holds from the
    /// given offset on were never committed, or are about to be processed again.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="nextOffset">The first offset that will be delivered.</param>
    /// <param name="cancellationToken">Cancelled when the task stops.</param>
    ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Makes a delivery durable. One task makes one delivery at a time, in offset order; several tasks may deliver at once. An
    /// exception makes the task try again, without end, with growing waits.
    /// </summary>
    /// <param name="delivery">The values.</param>
    /// <param name="cancellationToken">Cancelled when the task stops.</param>
    ValueTask WriteAsync(Delivery<T> delivery, CancellationToken cancellationToken);
}

/// <summary>What a task hands to a sink at once: the values of all records from one offset up to another.</summary>
/// <param name="Task">The task.</param>
/// <param name="FirstOffset">The first source offset that it covers.</param>
/// <param name="NextOffset">One past the last source offset that it covers.</param>
/// <param name="Values">The values, in offset order; a record may have yielded none or several.</param>
/// <typeparam name="T">The values.</typeparam>
public sealed record Delivery<T>(TaskId Task, long FirstOffset, long NextOffset, IReadOnlyList<DeliveredValue<T>> Values)
{
    /// <summary>The delivery's id: <c>pipeline/stage/partition/first-next</c>.</summary>
    public string Id => $"{Task}/{FirstOffset}-{NextOffset}";
}

/// <summary>A value and the record that it came from.</summary>
/// <param name="Offset">The record's offset.</param>
/// <param name="Value">The value.</param>
/// <typeparam name="T">The value.</typeparam>
public readonly record struct DeliveredValue<T>(long Offset, T Value);
