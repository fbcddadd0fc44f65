using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;

namespace Orleans.Pipeline.Gateway.Reading.Tailing;

/// <summary>The endpoint that sends the records of a topic as server-sent events, as they are appended.</summary>
internal static class TailEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    public static void MapTails(this IEndpointRouteBuilder api) =>
        api.MapGet("/topics/{topic}/tail", TailAsync)
            .Describe(
                "Records",
                "Tail a topic",
                "Sends records as server-sent events as they are appended. Each record is an event 'record' with the record's JSON as its "
                    + "data and the position after the record as its id. A client that reconnects with the last id as Last-Event-ID, as "
                    + "browsers do, gets every record once. A comment is sent after a while without records. An error ends the response "
                    + "with an event 'problem'. When the host stops, the response ends.")
            .RequireAnyOnTopic(Scopes.Consume)
            .MayWait()
            .AnswersEvents(200, "The records, one event each.")
            .Refuses(400, 404, 409, 503);

    private static async Task TailAsync(
        [Description("The topic's name.")] string topic,
        [Description("Where to start: end, start, or a time as ISO 8601 (UTC if it does not say) or milliseconds since 1970. "
            + "A time starts at the first batch that holds a record at or after it. Default end.")] string? from,
        [Description("A partition; may be given several times. Default all.")] int[]? partition,
        [Description("Partitions and the offsets to start from, as in the id of an event, such as 0:17,1:5, "
            + "with @ and the topic's id behind them; instead of from and partition.")]
        string? positions,
        HttpContext context,
        TopicTails tails) =>
        await tails.SendAsync(new(topic), new(context.Request.Headers[LastEventId], positions, from, partition ?? []), context);
}
