namespace Orleans.Pipeline.Sinks;

/// <summary>
/// What a run has produced for one sink. A record's values are put in one by one, then accepted or discarded together, so that a
/// record which fails halfway leaves nothing behind.
/// </summary>
internal abstract class SinkOutput
{
    /// <summary>Accepts what was put in since the last call.</summary>
    public abstract void Accept();

    /// <summary>Discards what was put in since the last <see cref="Accept"/>.</summary>
    public abstract void Discard();

    /// <summary>Takes over all that a later run has accepted; the later one is not used again.</summary>
    public abstract void Append(SinkOutput later);

    /// <summary>How many values it delivers that do not commit with the offset.</summary>
    public virtual int Delivered => 0;

    /// <summary>Adds what commits with the offset.</summary>
    public virtual void AddTo(List<TopicAppend> appends, List<TableWrite> tables)
    {
    }

    /// <summary>Delivers what does not commit with the offset.</summary>
    public virtual ValueTask DeliverAsync(TaskId task, long firstOffset, long nextOffset, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;
}

/// <summary>The typed side of an output, which the operators see.</summary>
/// <typeparam name="T">The values.</typeparam>
internal abstract class SinkOutput<T> : SinkOutput
{
    public abstract void Put(T value, StepContext context);
}
