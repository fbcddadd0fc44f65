using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Reading;

internal static class ReadEndpoints
{
    private const string Tag = "Records";

    public static void MapReads(this IEndpointRouteBuilder api)
    {
        api.MapGet("/topics/{topic}/partitions/{partition}/records", ReadAsync)
            .Describe(
                Tag,
                "Read records",
                "Reads records from an offset on. At the end of the partition, the read waits for an append. With Accept: "
                    + "application/vnd.orleans-pipeline.batch the response is whole record batches, one after another. The first may "
                    + "begin before the offset. The body is empty if the wait ended without an append.")
            .RequireAnyOnTopic(Scopes.Consume)
            .MayWait()
            .Answers<ReadRecordsBody>(200, "The records.")
            .AnswersBytes(200, MediaTypes.Batch)
            .Refuses(400, 404, 409, 503);
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
        [Description("The most bytes of batches. A single batch may be larger. Default 1048576. The gateway's own limit is 4 MiB by "
            + "default.")] int? maxBytes,
        [Description("How long to wait at the end of the partition, in milliseconds. Default 0. The gateway's own limit is 30 s by "
            + "default.")] int? waitMs,
        [Description("The topic's id, as its description has it: the offset is refused for another topic of that name. Default any.")]
        Guid? topicId,
        HttpContext context,
        ITopicStore store,
        ReadBounds bounds,
        BodyBudget memory)
    {
        var source = new TopicPartition(new(topic), partition);
        var (bytes, wait) = (bounds.Bytes(maxBytes), bounds.Wait(waitMs));
        var batches = await bounds.UntilStoppingAsync(
            cancellationToken => topicId is { } id
                ? ReadOfAsync(store, source, new(partition, offset) { TopicId = id }, bytes, wait, cancellationToken)
                : store.ReadAsync(source, offset, bytes, wait, cancellationToken),
            context.RequestAborted);
        var asBatches = context.Request.AcceptsType(MediaTypes.Batch);
        using var held = memory.Hold(asBatches ? ReadMemory.Of(batches) : ReadMemory.Unpacked(batches));
        await (asBatches ? WriteBatchesAsync(context, batches) : WriteJsonAsync(context, batches, offset));
    }

    private static async ValueTask<IReadOnlyList<RecordBatch>> ReadOfAsync(
        ITopicStore store,
        TopicPartition source,
        PartitionOffset position,
        int bytes,
        TimeSpan wait,
        CancellationToken cancellationToken)
    {
        var reads = await store.ReadAnyAsync(source.Topic, [position], bytes, wait, cancellationToken);
        return reads.Count == 0 ? [] : reads[0].Batches;
    }

    private static async Task<IResult> FindOffsetAsync(
        [Description("The topic's name.")] string topic,
        [Description("The partition, from 0.")] int partition,
        [Description("The time: ISO 8601 with a four-digit year first (UTC if it does not say), or milliseconds since 1970.")] string time,
        ITopicStore store,
        CancellationToken cancellationToken)
    {
        var source = new TopicPartition(new(topic), partition);
        var offset = await store.FindOffsetAsync(source, RequestTime.Of(time, "time"), cancellationToken);
        var bounds = await store.GetBoundsAsync(source, cancellationToken);
        return TypedResults.Json(new OffsetBody(offset, bounds.Start, bounds.End), WireJson.Default.OffsetBody);
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
