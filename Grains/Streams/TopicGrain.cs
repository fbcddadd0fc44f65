using Orleans.Concurrency;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>Appends for clients, on any silo that they reach.</summary>
[StatelessWorker, Reentrant]
internal sealed class TopicGrain(ITopicAppender appender) : Grain, ITopicGrain
{
    public Task<long> AppendAsync(RecordBatch batch, string key)
    {
        RecordBatch.Validate(batch.Bytes);
        return appender.AppendAsync(this.GetPrimaryKeyString(), batch, key);
    }
}
