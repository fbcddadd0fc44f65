using System.Buffers.Binary;
using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>The endpoint that reads several partitions of a topic in one request. The request waits for any of them.</summary>
internal static class SeveralReadEndpoints
{
    public static void MapSeveralReads(this IEndpointRouteBuilder api) =>
        api.MapPost("/topics/{topic}/reads", ReadAsync)
            .Describe(
                "Records",
                "Read several partitions",
                "Reads records of several partitions, each from an offset on. While all partitions are at their end, the read waits for "
                    + "an append to any of them. The bytes are shared among the partitions that have records, so a busy partition does "
                    + "not starve the others. With Accept: application/vnd.orleans-pipeline.partition-batches the response has, for each "
                    + "partition with records, its number and the length of its batches, each as four bytes, big-endian, and then those "
                    + "whole record batches. The body is empty if the wait ended without an append.")
            .RequireAnyOnTopic(Scopes.Consume)
            .MayWait()
            .Takes<ReadsBody>(isOptional: false)
            .Answers<ReadsAnswerBody>(200, "The records.")
            .AnswersBytes(200, MediaTypes.PartitionBatches)
            .Refuses(400, 404, 409, 413, 415, 503);

    private static async Task ReadAsync(
        [Description("The topic's name.")] string topic,
        [Description("The topic's id, as its description has it: the offsets are refused for another topic of that name. Default any.")]
        Guid? topicId,
        HttpContext context,
        ITopicStore store,
        ReadBounds bounds,
        BodyBudget memory)
    {
        var name = new TopicName(topic);
        var body = await JsonBodies.ReadAsync(context, WireJson.Default.ReadsBody);
        var positions = PositionsOf(body, topicId ?? Guid.Empty);
        var (bytes, wait) = (bounds.Bytes(body?.MaxBytes), bounds.Wait(body?.WaitMs));
        var reads = await bounds.UntilStoppingAsync(
            cancellationToken => store.ReadAnyAsync(name, positions, bytes, wait, cancellationToken), context.RequestAborted);
        var asBatches = context.Request.AcceptsType(MediaTypes.PartitionBatches);
        using var held = memory.Hold(asBatches ? ReadMemory.Of(reads.Batches()) : ReadMemory.Unpacked(reads.Batches()));
        await (asBatches ? WriteBatchesAsync(context, reads) : WriteJsonAsync(context, reads, positions));
    }

    private static List<PartitionOffset> PositionsOf(ReadsBody? body, Guid topicId)
    {
        if (body is not { Positions.Count: > 0 })
        {
            throw new InvalidRequestException("The JSON body has no 'positions'. Send {\"positions\":[{\"partition\":0,\"offset\":0}]}.");
        }

        var positions = new List<PartitionOffset>(body.Positions.Count);
        var partitions = new HashSet<int>(body.Positions.Count);
        foreach (var position in body.Positions)
        {
            if (position is null)
            {
                throw new InvalidRequestException($"'positions' has null at index {positions.Count}. Give a partition and an offset.");
            }

            if (!partitions.Add(position.Partition))
            {
                throw new InvalidRequestException($"'positions' has partition {position.Partition} twice. Give each partition once.");
            }

            positions.Add(new(position.Partition, position.Offset) { TopicId = topicId });
        }

        return positions;
    }

    private static async Task WriteBatchesAsync(HttpContext context, IReadOnlyList<PartitionRead> reads)
    {
        var response = context.Response;
        response.ContentType = MediaTypes.PartitionBatches;
        response.ContentLength = reads.Sum(read => (2L * sizeof(int)) + LengthOf(read));
        foreach (var read in reads)
        {
            WriteNumber(response, read.Partition);
            WriteNumber(response, LengthOf(read));
            foreach (var batch in read.Batches)
            {
                await response.BodyWriter.WriteAsync(batch.Bytes, context.RequestAborted);
            }
        }
    }

    private static int LengthOf(PartitionRead read) => read.Batches.Sum(batch => batch.Bytes.Length);

    private static void WriteNumber(HttpResponse response, int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(response.BodyWriter.GetSpan(sizeof(int)), number);
        response.BodyWriter.Advance(sizeof(int));
    }

    private static async Task WriteJsonAsync(HttpContext context, IReadOnlyList<PartitionRead> reads, List<PartitionOffset> positions)
    {
        context.Response.ContentType = MediaTypes.Json;
        using var json = new RecordJsonStream(context.Response.BodyWriter);
        await json.WriteAsync(reads, positions, context.RequestAborted);
    }
}
