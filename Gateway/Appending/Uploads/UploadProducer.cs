namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>
/// The producer of a named upload. It skips, on each partition, as many records as it appended there before: the same lines go to the same
/// partitions in the same order each time, so those are the same records.
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

    /// <summary>How many records were skipped.</summary>
    public long Skipped { get; private set; }

    /// <summary>Opens the producer, which fences whatever request still appends under its name, and learns how far it came.</summary>
    public static async Task<UploadProducer> OpenAsync(ITopicStore store, TopicName topic, string name, CancellationToken cancellationToken)
    {
        var identity = await store.OpenProducerAsync(name, cancellationToken);
        return new(identity, await store.GetProducerProgressAsync(topic, identity.Id, cancellationToken));
    }

    /// <summary>Skips the next record of a partition if it was appended before.</summary>
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
