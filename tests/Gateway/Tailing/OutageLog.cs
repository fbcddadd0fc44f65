using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Tests.Tailing;

/// <summary>A log whose store is away for the first reads.</summary>
internal sealed class OutageLog(ITopicLog log, int reads) : DelegatingTopicLog
{
    private int _left = reads;

    protected override ITopicLog Log => log;

    public override ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default) =>
        _left-- > 0
            ? throw new StoreUnavailableException("The store is away.")
            : base.ReadAnyAsync(topic, positions, maximumBytes, wait, cancellationToken);
}
