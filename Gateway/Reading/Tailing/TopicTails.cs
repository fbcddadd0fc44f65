using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Reading.Tailing;

internal sealed class TopicTails(
    ITopicStore store, BodyBudget memory, GatewaySettings settings, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Sends records until the client disconnects or the host stops.</summary>
    public async Task SendAsync(TopicName topic, TailStart start, HttpContext context)
    {
        var positions = await start.FindAsync(store, topic, context.RequestAborted);

        // Refuses positions that do not exist while the response can still have the status of an error.
        await store.ReadAnyAsync(topic, positions.All, maximumBytes: 1, TimeSpan.Zero, context.RequestAborted);

        var response = context.Response;
        response.ContentType = MediaTypes.Events;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var events = new EventStream(response.BodyWriter);
        try
        {
            await new TopicTail(store, topic, positions, events, memory, settings.Limits.TailHeartbeat, time).RunAsync(ends.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The host stops. The client sees the end of the response, and continues from its last id at another host.
        }
    }
}
