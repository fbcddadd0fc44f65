namespace Orleans.Pipeline.Grains;

/// <summary>Appends to a topic for clients that have no store of their own. The key is the topic.</summary>
[Alias("pipeline.topic")]
internal interface ITopicGrain : IGrainWithStringKey
{
    /// <summary>Appends records under a key to the partition that the key belongs to.</summary>
    /// <param name="batch">The records, validated.</param>
    /// <param name="key">The stream's key, which selects the partition.</param>
    /// <returns>The offset of the first record.</returns>
    [Alias("append")]
    Task<long> AppendAsync(RecordBatch batch, string key);
}
