using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Limits;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>Takes uploads of newline-delimited JSON.</summary>
internal sealed class NdjsonUploads(
    AdmittingTopicLog log,
    ITopicStore store,
    KeylessPartitions turns,
    BodyBudget bodies,
    GatewaySettings settings,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    /// <summary>Appends every line's record; blank lines are passed over.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="request">The request that brings them.</param>
    /// <param name="cancellationToken">Cancelled when its client is gone.</param>
    public async Task<AppendedRecordsBody> TakeAsync(UploadTarget target, HttpRequest request, CancellationToken cancellationToken)
    {
        var producerName = target.ProducerName();
        var topic = await store.FindTopicAsync(target.Topic, cancellationToken) ?? throw new UnknownTopicException(target.Topic);
        if (target.Partition is { } partition && (partition < 0 || partition >= topic.Settings.Partitions))
        {
            throw new UnknownPartitionException(new(topic.Topic, partition), topic.Settings.Partitions);
        }

        await using var body = UploadBody.Open(request);
        var producer = producerName is null ? null : await UploadProducer.OpenAsync(store, target.Topic, producerName, cancellationToken);
        var first = target.Name is null ? turns.Next(topic) : KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes(target.Name), topic.Settings.Partitions);
        using var memory = new UploadMemory(bodies);
        var upload = new NdjsonUpload(target, topic, first, producer, memory, new(log, store, settings, time, lifetime.ApplicationStopping));
        return await upload.TakeAsync(body.Reader, cancellationToken);
    }
}
