using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Testing.Calls;

/// <summary>The log as one task reaches it.</summary>
internal sealed class GatedLog(ITopicLog log, TaskId task, CallGate gate) : DelegatingTopicLog
{
    protected override ITopicLog Log => log;

    public override ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            new(PipelineCall.Read, task, $"{partition} from offset {offset} on"),
            () => log.ReadAsync(partition, offset, maximumBytes, wait, cancellationToken));

    public override ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            new(PipelineCall.Read, task, $"the bounds of {partition}"), () => log.GetBoundsAsync(partition, cancellationToken));
}
