using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Appending;

/// <summary>The endpoint that appends batches unchanged. It is the fastest way to append.</summary>
internal static class BatchEndpoints
{
    public static void MapBatches(this IEndpointRouteBuilder api) =>
        api.MapPost("/topics/{topic}/partitions/{partition}/batches", AppendAsync)
            .Describe(
                "Records",
                "Append a batch",
                "Appends exactly one record batch in version 2 of Kafka's layout. The response is sent when the batch is durable. A batch "
                    + "with a producer id is appended once, however often it is sent; a repeat returns the first offsets.")
            .RequireAnyOnTopic(Scopes.Produce)
            .TakesBytes(MediaTypes.Batch)
            .Answers<AppendedBatchBody>(200, "The batch's offsets.")
            .Refuses(400, 404, 409, 413, 415, 429, 503);

    private static async Task<IResult> AppendAsync(
        [Description("The topic's name.")] string topic,
        [Description("The partition, from 0.")] int partition,
        [Description("The topic's id, as its description has it: the batch is refused for another topic of that name. Default any.")]
        Guid? topicId,
        HttpContext context,
        AdmittingTopicLog log,
        BodyBudget bodies,
        GatewaySettings settings)
    {
        var request = context.Request;
        if (!request.HasType(MediaTypes.Batch))
        {
            throw new UnsupportedContentTypeException(request.ContentType, MediaTypes.Batch);
        }

        using var body = await RequestBody.ReadAsync(request, settings.Limits.BatchBytes, bodies, context.RequestAborted);
        var batch = RecordBatch.Validate(body.Bytes, settings.Limits.Records);
        try
        {
            var (baseOffset, nextOffset, isRepeat) = await log.AppendAsync(
                new(new(topic), partition), topicId ?? Guid.Empty, batch, context.RequestAborted);
            return TypedResults.Json(new AppendedBatchBody(baseOffset, nextOffset, isRepeat), WireJson.Default.AppendedBatchBody);
        }
        catch (OperationCanceledException)
        {
            body.Abandon();
            throw;
        }
    }
}
