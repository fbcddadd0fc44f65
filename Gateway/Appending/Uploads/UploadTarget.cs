using System.Security.Cryptography;
using System.Text;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>The target of an upload's lines.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="KeyField">The top-level field that holds the key; null for records without keys.</param>
/// <param name="Partition">The partition of all lines; null to choose by key.</param>
/// <param name="Name">The upload's name, under which it can be sent again; null for none.</param>
internal sealed record UploadTarget(TopicName Topic, string? KeyField, int? Partition, string? Name)
{
    /// <summary>The prefix of the names of uploads' producers. No other producer's name may have it.</summary>
    public const string ProducerPrefix = "upload:";

    private const int MaximumNameLength = 128;

    /// <summary>
    /// Returns the name of the producer of a named upload; null for an upload without a name. The name covers everything that decides a
    /// line's partition, because with another key field or partition the same lines are other records. It is a hash, so that it is short
    /// enough for a producer.
    /// </summary>
    /// <exception cref="InvalidRequestException">The upload's name is empty or too long.</exception>
    public string? ProducerName() => Name switch
    {
        null => null,
        { Length: 0 or > MaximumNameLength } => throw new InvalidRequestException(
            $"The upload name has {Name.Length} characters. Give 1 to {MaximumNameLength}, or leave it out for an upload without one."),
        _ => ProducerPrefix + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Topic}\n{Partition}\n{KeyField?.Length}\n{KeyField}\n{Name}"))),
    };
}

/// <summary>
/// The producer of a named upload. On each partition it skips as many records as it appended there before. The same lines go to the same
/// partitions in the same order each time, so the skipped records are those that were appended.
/// </summary>
internal sealed class UploadProducer
{
    private readonly ProducerIdentity _identity;
    private readonly long[] _repeated;
    private readonly int[] _sequences;

    private UploadProducer(ProducerIdentity identity, IReadOnlyList<long> progress)
    {
        _identity = identity;
        _repeated = [.. progress];
        _sequences = new int[_repeated.Length];
    }

    public long Skipped { get; private set; }

    /// <summary>Opens the producer and reads its progress. That fences any request that still appends under its name.</summary>
    public static async Task<UploadProducer> OpenAsync(ITopicStore store, TopicName topic, string name, CancellationToken cancellationToken)
    {
        var identity = await store.OpenProducerAsync(name, cancellationToken);
        return new(identity, await store.GetProducerProgressAsync(topic, identity.Id, cancellationToken));
    }

    public bool TrySkip(int partition)
    {
        if (_repeated[partition] == 0)
        {
            return false;
        }

        _repeated[partition]--;
        Skipped++;
        return true;
    }

    /// <summary>Finishes the next batch of a partition, in its builder's own memory.</summary>
    public RecordBatch Build(int partition, RecordBatchBuilder builder)
    {
        var batch = builder.BuildInPlace(_identity.Id, _identity.Epoch, _sequences[partition], Compression.None);
        _sequences[partition] = RecordBatch.SequenceAfter(_sequences[partition], batch.Count);
        return batch;
    }
}
