using System.Collections.Concurrent;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Chooses the partition of records without keys: those of one request stay together, and requests take turns.</summary>
internal sealed class KeylessPartitions
{
    private readonly ConcurrentDictionary<TopicName, uint> _turns = new();

    /// <summary>The partition whose turn it is.</summary>
    /// <param name="topic">A topic that exists, so that names made up by callers do not stay in memory.</param>
    public int Next(TopicDescription topic) =>
        (int)(_turns.AddOrUpdate(topic.Topic, 0, static (_, turn) => turn + 1) % (uint)topic.Settings.Partitions);
}
