using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Orleans.Pipeline.Access;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Records: append from JSON. This is the easy way in.</summary>
internal static class RecordEndpoints
{
    public static void MapRecordAppends(this IEndpointRouteBuilder api) =>
        api.MapPost("/topics/{topic}/records", AppendAsync)
            .Describe(
                "Records",
                "Append records as JSON",
                "Appends records and answers when they are durable. The whole request is checked before anything is appended. As application/x-ndjson, each line is one JSON value that becomes a record's value as it stands. A request repeated after a lost answer appends its records again; the batch endpoint with a producer id does not.")
            .NeedsOnTopic(Scope.Produce)
            .Takes<RecordsBody>(MediaTypes.NewlineDelimitedJson)
            .Answers<AppendedRecordsBody>(200, "Where the records landed.")
            .Refuses(400, 404, 413, 415, 429, 503);

    private static async Task<IResult> AppendAsync(
        [Description("The topic's name.")] string topic,
        [Description("With NDJSON: the top-level field whose value becomes the key; a string as its text, a number or truth value as its JSON. A record without the field has no key.")] string? key,
        [Description("The partition of records that name none. Left out: by key, or in turn for requests without keys.")] int? partition,
        HttpContext context,
        AdmittingTopicLog log,
        BodyBudget bodies,
        ITopicStore store,
        KeylessPartitions turns,
        GatewaySettings settings,
        TimeProvider time)
    {
        var cancellationToken = context.RequestAborted;
        var name = new TopicName(topic);
        var contentType = ContentTypeOf(context.Request);
        using var body = await RequestBody.ReadAsync(context.Request, settings.Limits.RequestBytes, bodies, cancellationToken);
        var description = await store.FindTopicAsync(name, cancellationToken) ?? throw new UnknownTopicException(name);
        var records = new PartitionedRecords(description, settings.Limits.Records, turns.Next(description));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (contentType == MediaTypes.NewlineDelimitedJson)
        {
            NdjsonRecords.Add(body.Bytes.Span, key, partition, now, records);
        }
        else
        {
            JsonRecords.Add(body.Bytes.Span, partition, now, records);
        }

        // Admitted once, as a whole: pushing back the second half of a request would leave its first half appended.
        await log.AdmitAsync(name, cancellationToken);
        var appends = records.Build().Select(entry => AppendInOrderAsync(store, entry.Partition, entry.Batches, cancellationToken));
        var ranges = (await Task.WhenAll(appends)).SelectMany(partitionRanges => partitionRanges);
        return TypedResults.Json(new AppendedRecordsBody(records.Count, [.. ranges]), GatewayJson.Default.AppendedRecordsBody);
    }

    private static string ContentTypeOf(HttpRequest request)
    {
        MediaTypeHeaderValue.TryParse(request.ContentType, out var contentType);
        return contentType?.MediaType.Value switch
        {
            MediaTypes.Json => MediaTypes.Json,
            MediaTypes.NewlineDelimitedJson => MediaTypes.NewlineDelimitedJson,
            _ => throw new UnsupportedContentTypeException(request.ContentType, MediaTypes.NewlineDelimitedJson, MediaTypes.Json),
        };
    }

    private static async Task<List<AppendedRangeBody>> AppendInOrderAsync(
        ITopicStore store, TopicPartition partition, IReadOnlyList<RecordBatch> batches, CancellationToken cancellationToken)
    {
        var ranges = new List<AppendedRangeBody>(batches.Count);
        foreach (var batch in batches)
        {
            var (baseOffset, nextOffset, _) = await store.AppendAsync(partition, batch, cancellationToken);
            ranges.Add(new(partition.Partition, baseOffset, nextOffset));
        }

        return ranges;
    }
}
