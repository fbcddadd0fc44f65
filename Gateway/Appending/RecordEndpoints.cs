using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Appending.Uploads;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>The endpoint that appends records from JSON. It is the easiest way to append.</summary>
internal static class RecordEndpoints
{
    public static void MapRecordAppends(this IEndpointRouteBuilder api) =>
        api.MapPost("/topics/{topic}/records", AppendAsync)
            .WithMetadata(new RequestSizeLimit(null))
            .Describe(
                "Records",
                "Append records as JSON",
                "Appends records. The response is sent when they are durable. As application/json, the whole request is checked before "
                    + "anything is appended. As application/x-ndjson, each line is one JSON value, whose bytes become a record's value "
                    + "unchanged. Such a body may have any length, may be compressed (Content-Encoding: gzip), is appended as it arrives, "
                    + "and with an upload name can be sent again without duplicates. Any other request that is repeated after a lost "
                    + "response appends its records again.")
            .RequireAnyOnTopic(Scopes.Produce)
            .Takes<RecordsBody>(MediaTypes.NewlineDelimitedJson)
            .Answers<AppendedRecordsBody>(200, "The records' offsets.")
            .Refuses(400, 404, 409, 413, 415, 429, 503);

    private static async Task<IResult> AppendAsync(
        [Description("The topic's name.")] string topic,
        [Description("With NDJSON: the top-level field whose value becomes the key: a string as its text, a number or boolean as its "
            + "JSON. A record without the field has no key.")] string? key,
        [Description("The partition of records that name none. Left out: chosen by key. Records without a key go to the same partition, a "
            + "thousand at a time, and then to the next.")] int? partition,
        [Description("With NDJSON: a name for the upload, 1 to 128 characters. Lines appended under the same name, topic, key and "
            + "partition are not appended again, so the same lines can be sent again after an error or a lost response.")] string? upload,
        HttpContext context,
        NdjsonUploads uploads,
        JsonAppends appends)
    {
        var name = new TopicName(topic);
        if (context.Request.HasType(MediaTypes.NewlineDelimitedJson))
        {
            var answer = await uploads.TakeAsync(new(name, key, partition, upload), context.Request, context.RequestAborted);
            return TypedResults.Json(answer, WireJson.Default.AppendedRecordsBody);
        }

        if (!context.Request.HasType(MediaTypes.Json))
        {
            throw new UnsupportedContentTypeException(context.Request.ContentType, MediaTypes.NewlineDelimitedJson, MediaTypes.Json);
        }

        if (upload is not null)
        {
            throw new InvalidRequestException($"'upload' names an upload of lines. Send '{MediaTypes.NewlineDelimitedJson}', or leave it "
                + $"out.");
        }

        if (key is not null)
        {
            throw new InvalidRequestException($"'key' names a field of lines. Send '{MediaTypes.NewlineDelimitedJson}', or give each "
                + $"record its \"key\".");
        }

        return TypedResults.Json(
            await appends.AppendAsync(name, partition, context.Request, context.RequestAborted), WireJson.Default.AppendedRecordsBody);
    }
}
