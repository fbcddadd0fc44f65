using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

internal sealed class NdjsonUploads(
    AdmittingTopicLog log,
    ITopicStore store,
    KeylessPartitions turns,
    BodyBudget bodies,
    GatewaySettings settings,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    /// <summary>Appends the record of every line. Blank lines are skipped.</summary>
    /// <param name="target">The target of the lines.</param>
    /// <param name="request">The request with the lines.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public async Task<AppendedRecordsBody> TakeAsync(UploadTarget target, HttpRequest request, CancellationToken cancellationToken)
    {
        var producerName = target.ProducerName();
        var topic = await store.FindTopicAsync(target.Topic, cancellationToken) ?? throw new UnknownTopicException(target.Topic);
        if (target.Partition is { } partition && (partition < 0 || partition >= topic.Settings.Partitions))
        {
            throw new UnknownPartitionException(new(topic.Topic, partition), topic.Settings.Partitions);
        }

        if (request.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } server)
        {
            server.MinDataRate = null; // UploadArrivals ends a body that stalls.
        }

        await using var body = UploadBody.Open(request);
        var producer = producerName is null ? null : await UploadProducer.OpenAsync(store, target.Topic, producerName, cancellationToken);
        var first = target.Name is null
            ? turns.Next(topic)
            : KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes(target.Name), topic.Settings.Partitions);
        using var memory = new UploadMemory(bodies);
        var upload = new NdjsonUpload(
            target,
            topic,
            first,
            producer,
            memory,
            new(log, store, settings, time, lifetime.ApplicationStopping),
            hasLength: request.ContentLength is not null);
        return await upload.TakeAsync(body.Reader, cancellationToken);
    }
}

/// <summary>An upload's share of the memory for bodies.</summary>
internal sealed class UploadMemory(BodyBudget budget) : IDisposable
{
    /// <summary>The bytes to reserve at a time.</summary>
    private const int Step = 64 << 10;

    /// <summary>The most memory that records need, as a multiple of their bytes. Batches double their memory as they grow.</summary>
    private const int Growth = 2;

    private long _taken;

    /// <summary>Reserves the memory for a number of bytes of records.</summary>
    /// <exception cref="OverloadedException">The memory for bodies is used up.</exception>
    public void Cover(long recordBytes)
    {
        while (_taken < recordBytes * Growth)
        {
            budget.Take(Step);
            _taken += Step;
        }
    }

    public void Dispose() => budget.Release(_taken);
}
