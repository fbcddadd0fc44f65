using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Client.Producing;

internal sealed class PartitionSenders : IDisposable
{
    private readonly TopicName _topic;
    private readonly StickyPartition _sticky;
    private readonly PartitionSender[] _senders;

    private PartitionSenders(ProducerContext context, int partitions, ProducerIdentity identity)
    {
        Identity = identity;
        _topic = context.Topic;
        _sticky = new(partitions, context.Random);
        _senders =
        [
            .. Enumerable.Range(0, partitions)
                .Select(partition => new PartitionSender(context, new(_topic, partition), _sticky, identity)),
        ];
    }

    public ProducerIdentity Identity { get; }

    /// <exception cref="UnknownTopicException">The topic does not exist.</exception>
    /// <exception cref="DeliveryException">The log was unavailable for the whole delivery timeout.</exception>
    public static async Task<PartitionSenders> OpenAsync(ProducerContext context)
    {
        var topic = await context.AskAsync(token => context.Log.FindTopicAsync(context.Topic, token)).ConfigureAwait(false)
            ?? throw new UnknownTopicException(context.Topic);
        var identity = await context.AskAsync(token => context.Log.OpenProducerAsync(context.Settings.Name, token)).ConfigureAwait(false);
        context.TopicId = topic.Id;
        return new(context, topic.Settings.Partitions, identity);
    }

    /// <exception cref="UnknownPartitionException">The record names a partition that does not exist.</exception>
    public PartitionSender For(in ProducerRecord record)
    {
        if (record.Partition is { } partition)
        {
            return (uint)partition < (uint)_senders.Length
                ? _senders[partition]
                : throw new UnknownPartitionException(new(_topic, partition), _senders.Length);
        }

        var key = record.Key.Span;
        return _senders[key.IsNone() ? _sticky.Current : KeyPartitioner.PartitionOf(key, _senders.Length)];
    }

    public void FlushNow() => Array.ForEach(_senders, static sender => sender.FlushNow());

    /// <summary>Sends the gathered records and waits until every batch is acknowledged or failed.</summary>
    public async Task ResolveAsync(CancellationToken cancellationToken)
    {
        FlushNow();
        var unresolved = new List<BatchCompletion>();
        Array.ForEach(_senders, sender => sender.ListUnresolved(unresolved));
        foreach (var batch in unresolved)
        {
            await batch.Resolved.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Close() => Array.ForEach(_senders, static sender => sender.Close());

    public void Dispose() => Array.ForEach(_senders, static sender => sender.Dispose());
}
