using System.Collections.Concurrent;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>
/// Chooses the partition of records without keys: a request's first <see cref="Run"/> stay together, the next go to the next partition and
/// so on, and requests take turns to begin.
/// </summary>
internal sealed class KeylessPartitions
{
    /// <summary>How many records without keys stay together.</summary>
    private const int Run = 1000;

    private readonly ConcurrentDictionary<TopicName, uint> _turns = new();

    /// <summary>The partition whose turn it is to begin.</summary>
    /// <param name="topic">A topic that exists, so that names made up by callers do not stay in memory.</param>
    public int Next(TopicDescription topic) =>
        (int)(_turns.AddOrUpdate(topic.Topic, 0, static (_, turn) => turn + 1) % (uint)topic.Settings.Partitions);

    /// <summary>The partition of a record.</summary>
    /// <param name="first">Where its request begins.</param>
    /// <param name="index">Its place in the request, from 0.</param>
    /// <param name="topic">The topic.</param>
    public static int Of(int first, long index, TopicDescription topic) => (int)((first + (index / Run)) % topic.Settings.Partitions);
}
