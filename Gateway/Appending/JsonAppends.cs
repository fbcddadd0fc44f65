using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Appends the records of JSON bodies, each body as a whole.</summary>
internal sealed class JsonAppends(
    AdmittingTopicLog log, BodyBudget bodies, ITopicStore store, KeylessPartitions turns, GatewaySettings settings, TimeProvider time)
{
    public async Task<AppendedRecordsBody> AppendAsync(
        TopicName topic, int? partition, HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, settings.Limits.RequestBytes, bodies, cancellationToken);
        var description = await store.FindTopicAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
        var records = new PartitionedRecords(description, settings.Limits.Records, new RecordBatchBuilderPool(maximumBytes: 0));
        JsonRecords.Add(body.Bytes.Span, partition, turns.Next(description), time.GetUtcNow().ToUnixTimeMilliseconds(), records);

        // The request is admitted once, as a whole. Otherwise backpressure in its middle would leave it half appended.
        await log.AdmitAsync(topic, cancellationToken);
        var ranges = await records.AppendAsync(store, cancellationToken);
        return new AppendedRecordsBody(records.Count, ranges);
    }
}
