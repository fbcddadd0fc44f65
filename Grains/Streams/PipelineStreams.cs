using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Grains;

/// <summary>How topics appear as Orleans streams.</summary>
/// <remarks>
/// A stream's namespace is the topic. What is pushed into a stream becomes records under the stream's key. What can be subscribed
/// to is a partition (<see cref="Partition"/>); its sequence tokens are offsets: a subscription with a token begins with the
/// record at that offset, one without begins at the end.
/// </remarks>
public static class PipelineStreams
{
    /// <summary>The stream provider's name.</summary>
    public const string Provider = "pipeline";

    private const string PartitionPrefix = "partition-";

    /// <summary>
    /// The stream of a partition's records, to subscribe to: <c>provider.GetStream&lt;Order&gt;(PipelineStreams.Partition("orders",
    /// 3))</c>.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition. Pushing into this stream appends to it, without a key.</param>
    public static StreamId Partition(TopicName topic, int partition) =>
        StreamId.Create(topic.Value, string.Create(CultureInfo.InvariantCulture, $"{PartitionPrefix}{partition}"));

    /// <summary>The stream to push records under a key into: they go to the partition that the key belongs to.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="key">The records' key.</param>
    public static StreamId Key(TopicName topic, string key) => StreamId.Create(topic.Value, key);

    /// <summary>Which partition a stream's key names, or null if it is a record's key.</summary>
    internal static int? PartitionOf(string key) =>
        key.StartsWith(PartitionPrefix, StringComparison.Ordinal)
        && int.TryParse(key.AsSpan(PartitionPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? partition
            : null;

    internal static string KeyOf(StreamId stream) => Encoding.UTF8.GetString(stream.Key.Span);
}
