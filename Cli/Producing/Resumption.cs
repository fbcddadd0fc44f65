using System.Security.Cryptography;
using System.Text;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>
/// Goes on with an upload that an earlier run began under the same name. Every line goes to the same partition each time, so of each
/// partition's records those that the log has taken in of the name's producer are the first, and are passed over.
/// </summary>
internal sealed class Resumption
{
    /// <summary>How many lines without a key go to one partition before the next has its turn.</summary>
    private const int RunLines = 1_000;

    private readonly long[] _known;
    private long _skipped;

    private Resumption(IReadOnlyList<long> progress) => _known = [.. progress];

    /// <summary>How many records were passed over, because an earlier run had sent them.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>How many records of an earlier run did not come by: then the input is another one.</summary>
    public long Missing => _known.Sum();

    /// <summary>
    /// The name of the producer of an upload. It stands for all by which a line finds its partition, because under another key the same
    /// lines would be other records.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="name">The upload's name.</param>
    /// <param name="routing">What else says where a line goes.</param>
    public static string ProducerName(TopicName topic, string name, string routing) =>
        $"resume:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{topic}\n{name.Length}\n{name}\n{routing}")))}";

    /// <summary>Opens the producer, which fences an earlier run that still sends, and asks how far that had come.</summary>
    public static async Task<Resumption> OpenAsync(PipelineClient client, Producer producer, CancellationToken cancellationToken)
    {
        var (id, _) = await producer.OpenAsync(cancellationToken);
        return new(await client.GetProducerProgressAsync(producer.Topic, id, cancellationToken));
    }

    /// <summary>Where a record goes: by its key, else by the number of its line, and so to the same partition each time.</summary>
    public int PartitionOf(in ProducerRecord record, long line) => record.Partition
        ?? (record.Key.Equals(default(ReadOnlyMemory<byte>)) ? (int)((line - 1) / RunLines % _known.Length) : KeyPartitioner.PartitionOf(
            record.Key.Span,
            _known.Length));

    /// <summary>Passes over the next record of a partition if an earlier run has sent it.</summary>
    public bool TrySkip(int partition)
    {
        if ((uint)partition >= (uint)_known.Length || _known[partition] == 0)
        {
            return false;
        }

        _known[partition]--;
        Interlocked.Increment(ref _skipped);
        return true;
    }
}
