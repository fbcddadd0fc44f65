using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;

namespace Orleans.Pipeline.Gateway.Reading.Tailing;

/// <summary>Tailing: the records of a topic as server-sent events, as they are appended.</summary>
internal static class TailEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    public static void MapTails(this IEndpointRouteBuilder api) =>
        api.MapGet("/topics/{topic}/tail", TailAsync)
            .Describe(
                "Records",
                "Tail a topic",
                "Sends records as server-sent events as they are appended: each is an event 'record' whose data is its JSON and whose id says where to go on from. A client that comes back with the last id as Last-Event-ID, as browsers do, misses nothing and gets nothing twice. A comment is sent when there was nothing for a while. An error that ends it is an event 'problem'; when the host stops it just ends.")
            .RequireAnyOnTopic(Scopes.Consume)
            .MayWait()
            .AnswersEvents(200, "The records, one event each.")
            .Refuses(400, 404, 503);

    private static async Task TailAsync(
        [Description("The topic's name.")] string topic,
        [Description("Where to start: end, start, or a time as ISO 8601 with its offset from UTC, from the first batch that holds a record at or after it. Left out: end.")] string? from,
        [Description("A partition; may be given several times. Left out: all.")] int[]? partition,
        [Description("Partitions and the offsets to start from, as in the id of an event, such as 0:17,1:5; instead of from and partition.")] string? positions,
        HttpContext context,
        ITopicStore store,
        BodyBudget memory,
        GatewaySettings settings,
        TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        var name = new TopicName(topic);
        var start = new TailStart(context.Request.Headers[LastEventId], positions, from, partition ?? []);
        var found = await start.FindAsync(store, name, context.RequestAborted);
        await store.ReadAnyAsync(name, found.All, maximumBytes: 1, TimeSpan.Zero, context.RequestAborted); // refuses what is not there, while that can be a status

        var response = context.Response;
        response.ContentType = MediaTypes.Events;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var events = new EventStream(response.BodyWriter);
        try
        {
            await new TopicTail(store, name, found, events, memory, settings.Limits.TailHeartbeat, time).RunAsync(ends.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The host stops: the client sees the end of the answer, and goes on from its last id elsewhere.
        }
    }
}
