namespace Orleans.Pipeline.Sinks;

/// <summary>
/// The output of a run for one sink. A record's values are put in one by one, then accepted or discarded together, so that a record that
/// fails halfway leaves nothing behind.
/// </summary>
internal abstract class SinkOutput
{
    /// <summary>Accepts the values put in since the last call.</summary>
    public abstract void Accept();

    /// <summary>Discards the values put in since the last <see cref="Accept"/>.</summary>
    public abstract void Discard();

    /// <summary>Takes over all values that a later run has accepted. The later output is not used again.</summary>
    public abstract void Append(SinkOutput later);

    /// <summary>The number of values to deliver to a sink outside the database.</summary>
    public virtual int Delivered => 0;

    /// <summary>Adds the effects that commit with the offset.</summary>
    public virtual void AddTo(List<TopicAppend> appends, List<TableWrite> tables)
    {
    }

    /// <summary>How long the values wait for more; null if they do not.</summary>
    public virtual DeliveryPace? Pace => null;

    /// <summary>Has a sink outside the database drop the values from an offset on, before they are delivered again.</summary>
    public virtual ValueTask ReopenAsync(TaskId task, long firstOffset, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Delivers the values for a sink outside the database.</summary>
    public virtual ValueTask DeliverAsync(TaskId task, long firstOffset, long nextOffset, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;
}

internal abstract class SinkOutput<T> : SinkOutput
{
    public abstract void Put(T value, StepContext context);
}
