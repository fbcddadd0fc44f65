namespace Orleans.Pipeline;

/// <summary>
/// A custom sink. Deliveries are made before the offset commits, so after a crash the last one may come again, perhaps with other bounds.
/// Effects are at least once. They are exactly once if the sink drops the values that it has, by <see cref="Delivery{T}.FirstOffset"/>
/// and <see cref="DeliveredValue{T}.Offset"/>.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
public interface ISink<T>
{
    /// <summary>Gets how long values wait for more; null, the default, to deliver with every commit of the profile.</summary>
    DeliveryPace? Pace => null;

    /// <summary>
    /// Opens the sink for a task: before the first delivery, after every seek, and after a delivery whose commit a table refused for one
    /// of its rows, so that it comes again in parts. Values of this task that the sink holds from the given offset on were never
    /// committed, or are about to be processed again.
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

/// <summary>The values that a task delivers to a sink at once: those of all records from one offset up to another.</summary>
/// <param name="Task">The task.</param>
/// <param name="FirstOffset">The first source offset that the delivery covers.</param>
/// <param name="NextOffset">The offset after the last source offset that the delivery covers.</param>
/// <param name="Values">The values, in offset order; a record may have yielded none or several.</param>
/// <typeparam name="T">The values.</typeparam>
public sealed record Delivery<T>(TaskId Task, long FirstOffset, long NextOffset, IReadOnlyList<DeliveredValue<T>> Values)
{
    /// <summary>The delivery's id: <c>pipeline/stage/partition/first-next</c>.</summary>
    public string Id => $"{Task}/{FirstOffset}-{NextOffset}";
}

/// <summary>A value and the offset of its record.</summary>
/// <param name="Offset">The record's offset.</param>
/// <param name="Value">The value.</param>
/// <typeparam name="T">The value.</typeparam>
public readonly record struct DeliveredValue<T>(long Offset, T Value);
