using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Appending.Uploads;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Topics;

internal static class ProducerEndpoints
{
    private const int MaximumNameLength = 128;

    public static void MapProducers(this IEndpointRouteBuilder api)
    {
        api.MapPost("/producers", OpenAsync)
            .Describe(
                "Producers",
                "Open a producer",
                "Returns the identity that makes appends idempotent: a batch is appended once, however often it is sent. Opening a name "
                    + "again fences its older epochs.")
            .RequireAny(Scopes.Produce)
            .Takes<OpenProducerBody>(isOptional: true)
            .Answers<ProducerBody>(200, "The producer's identity.")
            .Refuses(400, 413, 415, 503);
        api.MapGet("/topics/{topic}/producers/{id}", ProgressAsync)
            .Describe(
                "Producers",
                "Get a producer's progress",
                "Returns how many records of a producer each partition of a topic has received. After a restart, a producer of a fixed "
                    + "stream of records skips that many.")
            .RequireAnyOnTopic(Scopes.Produce)
            .Answers<ProducerProgressBody>(200, "The producer's progress.")
            .Refuses(400, 404, 503);
    }

    private static async Task<IResult> OpenAsync(HttpContext context, ITopicStore store, CancellationToken cancellationToken)
    {
        var name = (await JsonBodies.ReadAsync(context, WireJson.Default.OpenProducerBody))?.Name;
        if (name is { Length: 0 or > MaximumNameLength })
        {
            throw new InvalidRequestException($"The producer name has {name.Length} characters. Give 1 to {MaximumNameLength}, or null "
                + $"for a new producer.");
        }

        if (name?.StartsWith(UploadTarget.ProducerPrefix, StringComparison.Ordinal) == true)
        {
            throw new InvalidRequestException($"Producer names that begin with '{UploadTarget.ProducerPrefix}' belong to uploads. Give "
                + $"another.");
        }

        var (id, epoch) = await store.OpenProducerAsync(name, cancellationToken);
        return TypedResults.Json(new ProducerBody(id, epoch), WireJson.Default.ProducerBody);
    }

    private static async Task<IResult> ProgressAsync(
        [Description("The topic's name.")] string topic,
        [Description("The producer's id.")] long id,
        ITopicStore store,
        CancellationToken cancellationToken) =>
        TypedResults.Json(new ProducerProgressBody(await store.GetProducerProgressAsync(new(topic), id, cancellationToken)),
            WireJson.Default.ProducerProgressBody);
}
