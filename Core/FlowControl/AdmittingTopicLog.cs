using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.FlowControl;

/// <summary>A topic log that refuses appends while the lag of their topic is over its <see cref="TopicSettings.LagLimit"/>.</summary>
internal sealed class AdmittingTopicLog(ITopicLog log, TopicAdmission admission) : DelegatingTopicLog
{
    protected override ITopicLog Log => log;

    public override async ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken = default)
    {
        await admission.AdmitAsync(partition.Topic, cancellationToken);
        return await base.AppendAsync(partition, topicId, batch, cancellationToken);
    }

    /// <summary>Applies admission once for a group of batches.</summary>
    /// <exception cref="BackpressureException">The topic's lag is over its limit.</exception>
    public ValueTask AdmitAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        admission.AdmitAsync(topic, cancellationToken);
}
