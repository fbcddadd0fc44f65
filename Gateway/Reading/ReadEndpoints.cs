using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;

namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>Reading: records from an offset on, and offsets by time.</summary>
internal static class ReadEndpoints
{
    private const string Tag = "Records";

    public static void MapReads(this IEndpointRouteBuilder api)
    {
        api.MapGet("/topics/{topic}/partitions/{partition}/records", ReadAsync)
            .Describe(
                Tag,
                "Read records",
                "Reads records from an offset on and, at the end of the partition, waits for an append, which answers at once. With Accept: application/vnd.orleans-pipeline.batch the answer is whole record batches, one after another, of which the first may begin before the offset, or an empty body if the wait ran out.")
            .RequireAnyOnTopic(Scopes.Consume)
            .MayWait()
            .Answers<ReadRecordsBody>(200, "The records.")
            .AnswersBytes(200, MediaTypes.Batch)
            .Refuses(400, 404, 503);
        api.MapGet("/topics/{topic}/partitions/{partition}/offsets", FindOffsetAsync)
            .Describe(Tag, "Find an offset by time", "Finds the first batch that holds a record at or after a time.")
            .RequireAnyOnTopic(Scopes.Consume)
            .Answers<OffsetBody>(200, "The offset.")
            .Refuses(400, 404, 503);
    }

    private static async Task ReadAsync(
        [Description("The topic's name.")] string topic,
        [Description("The partition, from 0.")] int partition,
        [Description("The offset to read from.")] long offset,
        [Description("Stop before passing this many bytes of batches; one batch is answered however large it is. Left out: 1048576. The gateway has a limit of its own, 4 MiB unless set.")] int? maxBytes,
        [Description("How long to wait at the end of the partition, in milliseconds. Left out: 0. The gateway has a limit of its own, 30 s unless set.")] int? waitMs,
        HttpContext context,
        ITopicStore store,
        ReadBounds bounds,
        BodyBudget memory)
    {
        var source = new TopicPartition(new(topic), partition);
        var (bytes, wait) = (bounds.Bytes(maxBytes), bounds.Wait(waitMs));
        var batches = await bounds.UntilStoppingAsync(
            cancellationToken => store.ReadAsync(source, offset, bytes, wait, cancellationToken), context.RequestAborted);
        var asBatches = MediaTypes.Accepts(context.Request, MediaTypes.Batch);
        using var held = memory.Hold(asBatches ? ReadMemory.Of(batches) : ReadMemory.Unpacked(batches));
        await (asBatches ? WriteBatchesAsync(context, batches) : WriteJsonAsync(context, batches, offset));
    }

    private static async Task<IResult> FindOffsetAsync(
        [Description("The topic's name.")] string topic,
        [Description("The partition, from 0.")] int partition,
        [Description("The time, as ISO 8601 with its offset from UTC.")] DateTimeOffset time,
        ITopicStore store,
        CancellationToken cancellationToken)
    {
        var source = new TopicPartition(new(topic), partition);
        var offset = await store.FindOffsetAsync(source, time, cancellationToken);
        var bounds = await store.GetBoundsAsync(source, cancellationToken);
        return TypedResults.Json(new OffsetBody(offset, bounds.Start, bounds.End), GatewayJson.Default.OffsetBody);
    }

    private static async Task WriteBatchesAsync(HttpContext context, IReadOnlyList<RecordBatch> batches)
    {
        var response = context.Response;
        response.ContentType = MediaTypes.Batch;
        response.ContentLength = batches.Sum(batch => (long)batch.Bytes.Length);
        foreach (var batch in batches)
        {
            await response.Body.WriteAsync(batch.Bytes, context.RequestAborted);
        }
    }

    private static async Task WriteJsonAsync(HttpContext context, IReadOnlyList<RecordBatch> batches, long offset)
    {
        context.Response.ContentType = MediaTypes.Json;
        using var json = new RecordJsonStream(context.Response.BodyWriter);
        await json.WriteAsync(batches, offset, context.RequestAborted);
    }
}
