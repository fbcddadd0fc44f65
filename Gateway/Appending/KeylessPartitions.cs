using System.Collections.Concurrent;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>
/// Chooses the partitions of records without keys. The first <see cref="Run"/> records of a request go to one partition, the next to the
/// next one, and so on. Each request of a topic starts one partition after the request before.
/// </summary>
internal sealed class KeylessPartitions
{
    private const int Run = 1000;

    private readonly ConcurrentDictionary<TopicName, uint> _turns = new();

    /// <summary>Returns the partition that the next request starts with.</summary>
    /// <param name="topic">A topic that exists, because made-up names would stay in memory.</param>
    public int Next(TopicDescription topic) =>
        (int)(_turns.AddOrUpdate(topic.Topic, 0, static (_, turn) => turn + 1) % (uint)topic.Settings.Partitions);

    /// <param name="first">The partition that the request starts with.</param>
    /// <param name="index">The record's index in the request, from 0.</param>
    /// <param name="topic">The topic.</param>
    public static int Of(int first, long index, TopicDescription topic) => (int)((first + (index / Run)) % topic.Settings.Partitions);
}
