namespace Orleans.Pipeline.Grains;

/// <content>The next version sends one more member with a batch, and reports batches of the present version.</content>
[SerializationCallbacks(typeof(RecordBatchHooks))]
internal partial struct RecordBatchSurrogate
{
    /// <summary>Who sent it; null from the present version.</summary>
    [Id(1)]
    public string? Sender;

    /// <summary>Says that it was sent by the next version.</summary>
    public RecordBatchSurrogate() => Sender = "the next version";
}

/// <summary>Reports batches of the present version.</summary>
internal sealed class RecordBatchHooks
{
    public void OnSerializing(ref RecordBatchSurrogate batch)
    {
    }

    public void OnSerialized(ref RecordBatchSurrogate batch)
    {
    }

    public void OnDeserializing(ref RecordBatchSurrogate batch)
    {
    }

    public void OnDeserialized(ref RecordBatchSurrogate batch)
    {
        if (batch.Sender is null)
        {
            Console.Error.WriteLine("A batch of the present version came in.");
        }
    }
}
