using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Access;
using Orleans.Pipeline.Gateway.Appending.Uploads;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Topics;

/// <summary>What opening a producer takes.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OpenProducerBody(
    [property: Description("A stable name, 1 to 128 characters, not beginning with upload:, under which a restarted producer gets its id again with the next epoch; null for a new id.")] string? Name = null);

/// <summary>A producer's identity on the wire.</summary>
internal sealed record ProducerBody(
    [property: Description("The producer id that its batches carry.")] long Id,
    [property: Description("The producer epoch that its batches carry.")] short Epoch);

/// <summary>Producers: open.</summary>
internal static class ProducerEndpoints
{
    private const int LongestName = 128;

    public static void MapProducers(this IEndpointRouteBuilder api) =>
        api.MapPost("/producers", OpenAsync)
            .Describe(
                "Producers",
                "Open a producer",
                "Gives the identity under which batches are appended once however often they are sent. Opening a name again fences its older epochs.")
            .Needs(Scope.Produce)
            .Takes<OpenProducerBody>(isOptional: true)
            .Answers<ProducerBody>(200, "The producer's identity.")
            .Refuses(400, 413, 415, 503);

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
}
