using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Appending.Uploads;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Topics;

/// <summary>What opening a producer takes.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OpenProducerBody(
    [property: Description("A stable name, 1 to 128 characters, not beginning with upload:, under which a restarted producer gets its id again with the next epoch; null for a new id.")] string? Name = null);

/// <summary>A producer's identity on the wire.</summary>
internal sealed record ProducerBody(
    [property: Description("The producer id that its batches carry.")] long Id,
    [property: Description("The producer epoch that its batches carry.")] short Epoch);

/// <summary>How far a producer has come in a topic, on the wire.</summary>
internal sealed record ProducerProgressBody(
    [property: Description("How many of the producer's records each partition has taken in, over all its epochs; 0 where it is not known.")] IReadOnlyList<long> Partitions);

/// <summary>Producers: open, and ask how far one has come.</summary>
internal static class ProducerEndpoints
{
    private const int LongestName = 128;

    public static void MapProducers(this IEndpointRouteBuilder api)
    {
        api.MapPost("/producers", OpenAsync)
            .Describe(
                "Producers",
                "Open a producer",
                "Gives the identity under which batches are appended once however often they are sent. Opening a name again fences its older epochs.")
            .RequireAny(Scopes.Produce)
            .Takes<OpenProducerBody>(isOptional: true)
            .Answers<ProducerBody>(200, "The producer's identity.")
            .Refuses(400, 413, 415, 503);
        api.MapGet("/topics/{topic}/producers/{id}", ProgressAsync)
            .Describe(
                "Producers",
                "Ask how far a producer has come",
                "Tells how many records of a producer each partition of a topic has taken in, so that one which sends a fixed stream of records knows how many to skip after it was opened again.")
            .RequireAnyOnTopic(Scopes.Produce)
            .Answers<ProducerProgressBody>(200, "How far it has come.")
            .Refuses(400, 404, 503);
    }

    private static async Task<IResult> OpenAsync(HttpContext context, ITopicStore store, CancellationToken cancellationToken)
    {
        var name = (await JsonBodies.ReadAsync(context, GatewayJson.Default.OpenProducerBody))?.Name;
        if (name is { Length: 0 or > LongestName })
        {
            throw new InvalidRequestException($"The producer name has {name.Length} characters. Give 1 to {LongestName}, or null for a new producer.");
        }

        if (name?.StartsWith(UploadTarget.ProducerPrefix, StringComparison.Ordinal) == true)
        {
            throw new InvalidRequestException($"Producer names that begin with '{UploadTarget.ProducerPrefix}' belong to uploads. Give another.");
        }

        var (id, epoch) = await store.OpenProducerAsync(name, cancellationToken);
        return TypedResults.Json(new ProducerBody(id, epoch), GatewayJson.Default.ProducerBody);
    }

    private static async Task<IResult> ProgressAsync(
        [Description("The topic's name.")] string topic,
        [Description("The producer's id.")] long id,
        ITopicStore store,
        CancellationToken cancellationToken) =>
        TypedResults.Json(new ProducerProgressBody(await store.GetProducerProgressAsync(new(topic), id, cancellationToken)), GatewayJson.Default.ProducerProgressBody);
}
