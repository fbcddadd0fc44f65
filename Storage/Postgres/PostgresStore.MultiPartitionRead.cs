using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <inheritdoc />
    /// <remarks>One query covers all partitions. A waiting reader queries again only after an append to one of them.</remarks>
    public async ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default)
    {
        var several = new MultiPartitionRead(this, topic, positions, maximumBytes);
        if (wait == TimeSpan.Zero)
        {
            return await several.ReadAsync(wait, cancellationToken);
        }

        using var timeout = new CancellationTokenSource(wait, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await ReadAnyOrWaitAsync(several, topic, positions, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<PartitionRead>> ReadAnyOrWaitAsync(
        MultiPartitionRead several, TopicName topic, IReadOnlyList<PartitionOffset> positions, CancellationToken cancellationToken)
    {
        while (true)
        {
            ThrowIfDisposed();
            var found = await _topics.GetAsync(topic, cancellationToken);
            var ids = positions.Select(position => found.PartitionId(new(topic, position.Partition))).ToArray();
            var signals = Array.ConvertAll(ids, _signals.Watch);
            try
            {
                if (await several.ReadAsync(TimeSpan.Zero, cancellationToken) is { Count: > 0 } reads)
                {
                    return reads;
                }

                using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(signals.Select((signal, index) => signal.WaitAsync(positions[index].Offset, over.Token).AsTask()));
                await over.CancelAsync();
            }
            finally
            {
                for (var index = 0; index < ids.Length; index++)
                {
                    _signals.Unwatch(ids[index], signals[index]);
                }
            }
        }
    }
}
