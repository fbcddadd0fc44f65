using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Grains;

/// <summary>Maps topics to Orleans streams.</summary>
/// <remarks>
/// A stream's namespace is the topic. Events pushed into a stream become records under the stream's key. Consumers subscribe to
/// partitions (<see cref="Partition"/>), whose sequence tokens are offsets. A subscription with a token begins with the record at
/// that offset; a subscription without a token begins at the end.
/// </remarks>
public static class PipelineStreams
{
    /// <summary>The stream provider's name.</summary>
    public const string Provider = "pipeline";

    private const string PartitionPrefix = "partition-";

    /// <summary>
    /// Returns the stream of a partition's records, for subscriptions:
    /// <c>provider.GetStream&lt;Order&gt;(PipelineStreams.Partition("orders", 3))</c>.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition. Pushing into this stream appends to it, without a key.</param>
    public static StreamId Partition(TopicName topic, int partition) =>
        StreamId.Create(topic.Value, string.Create(CultureInfo.InvariantCulture, $"{PartitionPrefix}{partition}"));

    /// <summary>Returns the stream for pushing records under a key. The records go to the partition that the key belongs to.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="key">The records' key.</param>
    public static StreamId Key(TopicName topic, string key) => StreamId.Create(topic.Value, key);

    /// <summary>Returns the partition that a stream's key names, or null if it is a record's key.</summary>
    internal static int? PartitionOf(string key) =>
        key.StartsWith(PartitionPrefix, StringComparison.Ordinal)
        && int.TryParse(key.AsSpan(PartitionPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? partition
            : null;

    internal static string KeyOf(StreamId stream) => Encoding.UTF8.GetString(stream.Key.Span);
}
