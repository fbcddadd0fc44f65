namespace Orleans.Pipeline.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <inheritdoc />
    /// <remarks>One query covers all partitions. A waiting reader queries again only after an append to one of them.</remarks>
    protected override async ValueTask<IReadOnlyList<PartitionRead>> ReadAnyCoreAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero)
        {
            return await ReadAnyNowAsync(topic, positions, maximumBytes, cancellationToken);
        }

        using var timeout = new CancellationTokenSource(wait, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await ReadAnyOrWaitAsync(topic, positions, maximumBytes, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<PartitionRead>> ReadAnyOrWaitAsync(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, int maximumBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            ThrowIfDisposed();
            var found = await _topics.GetAsync(topic, cancellationToken);
            var ids = positions.Select(position => found.PartitionId(new(topic, position.Partition))).ToArray();
            var signals = Array.ConvertAll(ids, _signals.Watch);
            try
            {
                if (await ReadAnyNowAsync(topic, positions, maximumBytes, cancellationToken) is { Count: > 0 } reads)
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
