using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Appending.Uploads;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>Records: append from JSON. This is the easy way in.</summary>
internal static class RecordEndpoints
{
    public static void MapRecordAppends(this IEndpointRouteBuilder api) =>
        api.MapPost("/topics/{topic}/records", AppendAsync)
            .WithMetadata(new RequestSizeLimit(null))
            .Describe(
                "Records",
                "Append records as JSON",
                "Appends records and answers when they are durable. As application/json, the whole request is checked before anything is appended. As application/x-ndjson, each line is one JSON value that becomes a record's value as it stands; it may be of any length and compressed (Content-Encoding: gzip), is appended as it arrives, and with an upload name can be sent again without doubling anything. Other requests repeated after a lost answer append their records again.")
            .RequireAnyOnTopic(Scopes.Produce)
            .Takes<RecordsBody>(MediaTypes.NewlineDelimitedJson)
            .Answers<AppendedRecordsBody>(200, "Where the records landed.")
            .Refuses(400, 404, 409, 413, 415, 429, 503);

    private static async Task<IResult> AppendAsync(
        [Description("The topic's name.")] string topic,
        [Description("With NDJSON: the top-level field whose value becomes the key; a string as its text, a number or truth value as its JSON. A record without the field has no key.")] string? key,
        [Description("The partition of records that name none. Left out: by key; records without one stay together, a thousand at a time, and then take turns.")] int? partition,
        [Description("With NDJSON: a name for the upload, 1 to 128 characters. What was appended under it, with the same topic, key and partition, is not appended again, so that the same lines can be sent again after an error or a lost answer.")] string? upload,
        HttpContext context,
        NdjsonUploads uploads,
        AdmittingTopicLog log,
        BodyBudget bodies,
        ITopicStore store,
        KeylessPartitions turns,
        GatewaySettings settings,
        TimeProvider time)
    {
        var name = new TopicName(topic);
        if (ContentTypeOf(context.Request) == MediaTypes.NewlineDelimitedJson)
        {
            var answer = await uploads.TakeAsync(new(name, key, partition, upload), context.Request, context.RequestAborted);
            return TypedResults.Json(answer, GatewayJson.Default.AppendedRecordsBody);
        }

        if (upload is not null)
        {
            throw new InvalidRequestException($"'upload' names an upload of lines. Send '{MediaTypes.NewlineDelimitedJson}', or leave it out.");
        }

        return await AppendJsonAsync(name, partition, context, log, bodies, store, turns, settings, time);
    }

    private static async Task<IResult> AppendJsonAsync(
        TopicName name,
        int? partition,
        HttpContext context,
        AdmittingTopicLog log,
        BodyBudget bodies,
        ITopicStore store,
        KeylessPartitions turns,
        GatewaySettings settings,
        TimeProvider time)
    {
        var cancellationToken = context.RequestAborted;
        using var body = await RequestBody.ReadAsync(context.Request, settings.Limits.RequestBytes, bodies, cancellationToken);
        var description = await store.FindTopicAsync(name, cancellationToken) ?? throw new UnknownTopicException(name);
        var records = new PartitionedRecords(description, settings.Limits.Records, new BuilderShelf(0));
        JsonRecords.Add(body.Bytes.Span, partition, turns.Next(description), time.GetUtcNow().ToUnixTimeMilliseconds(), records);

        // Admitted once, as a whole: pushing back the second half of a request would leave its first half appended.
        await log.AdmitAsync(name, cancellationToken);
        var ranges = await records.AppendAsync(store, cancellationToken);
        return TypedResults.Json(new AppendedRecordsBody(records.Count, ranges), GatewayJson.Default.AppendedRecordsBody);
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
}
