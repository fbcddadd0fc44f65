using System.Security.Cryptography;
using System.Text;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>
/// Continues an upload that an earlier run began under the same name. Each line goes to the same partition in every run. So the records
/// that a partition already has from the name's producer are the first ones for that partition, and are skipped.
/// </summary>
internal sealed class Resumption
{
    /// <summary>The number of consecutive lines without a key that go to one partition.</summary>
    private const int RunLines = 1_000;

    private readonly long[] _known;
    private long _skipped;

    private Resumption(IReadOnlyList<long> progress) => _known = [.. progress];

    /// <summary>The number of records skipped because an earlier run had sent them.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>The number of records of an earlier run that this input does not have. Above 0 the input is a different one.</summary>
    public long Missing => _known.Sum();

    /// <summary>
    /// Makes the producer's name from everything that determines the partition of a line. With other routing, the records that each
    /// partition has are no longer the first ones.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="name">The upload's name.</param>
    /// <param name="routing">The other options that determine the partition of a line.</param>
    public static string ProducerName(TopicName topic, string name, string routing) =>
        $"resume:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{topic}\n{name.Length}\n{name}\n{routing}")))}";

    /// <summary>Opens the producer and reads the progress of earlier runs. Opening fences an earlier run that still sends.</summary>
    public static async Task<Resumption> OpenAsync(PipelineClient client, Producer producer, CancellationToken cancellationToken)
    {
        var (id, _) = await producer.OpenAsync(cancellationToken);
        return new(await client.GetProducerProgressAsync(producer.Topic, id, cancellationToken));
    }

    /// <summary>Returns the partition of a record: by its key, else by its line number. The result is the same in every run.</summary>
    public int PartitionOf(in ProducerRecord record, long line) => record.Partition
        ?? (record.Key.Equals(default(ReadOnlyMemory<byte>))
            ? (int)((line - 1) / RunLines % _known.Length)
            : KeyPartitioner.PartitionOf(record.Key.Span, _known.Length));

    /// <summary>Skips the next record of a partition if an earlier run has sent it.</summary>
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
