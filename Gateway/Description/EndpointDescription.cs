using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Description;

internal static class EndpointDescription
{
    /// <summary>The errors of every endpoint under <c>/v1</c>.</summary>
    private static readonly int[] OfEvery = [400, 401, 403, 429, 503];

    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string tag, string summary, string description) =>
        endpoint.WithTags(tag).WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, bool isOptional)
        where T : notnull => endpoint.Accepts<T>(isOptional, MediaTypes.Json);

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string bytesType)
        where T : notnull => endpoint.Accepts<T>(MediaTypes.Json, bytesType).AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody!.Content![bytesType] = Bytes(bytesType);
        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder TakesBytes(this RouteHandlerBuilder endpoint, string contentType) =>
        endpoint.Accepts<byte[]>(contentType).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody!.Content![contentType] = Bytes(contentType);
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [MediaTypes.Json]) { Description = description });

    /// <summary>Declares that the endpoint returns bytes instead of JSON if the request accepts their content type.</summary>
    public static RouteHandlerBuilder AnswersBytes(this RouteHandlerBuilder endpoint, int status, string contentType) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses![status.ToString()].Content![contentType] = Bytes(contentType);
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder AnswersEvents(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(string), [MediaTypes.Events]) { Description = description });

    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void), []) { Description = description });

    /// <summary>Declares the errors of an endpoint, in addition to those of every endpoint.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params IEnumerable<int> statuses)
    {
        foreach (var status in statuses.Union(OfEvery).Order())
        {
            endpoint.WithMetadata(
                new ProducesResponseTypeMetadata(status, typeof(Problem), [MediaTypes.Problem]) { Description = Meaning(status) });
        }

        return endpoint;
    }

    private static OpenApiMediaType Bytes(string contentType) => new()
    {
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
        Example = ExampleBodies.TextOf(contentType),
    };

    private static string Meaning(int status) => status switch
    {
        400 => "The request is invalid. Nothing was changed, except for the lines of an upload up to acceptedLines. The code identifies "
            + "the fault.",
        401 => "The request has no credentials, or unknown ones. WWW-Authenticate lists the accepted kinds.",
        403 => "The caller lacks the required scope, topic or pipeline. The detail names it.",
        404 => "The topic, partition, pipeline or dead letter does not exist.",
        409 => "The request conflicts with the current state. Nothing was changed, except for the lines of an upload up to acceptedLines. "
            + "The code identifies the conflict.",
        413 => "The body is over its limit.",
        415 => "The content type or the content encoding of the body is not supported here.",
        429 => "The topic's lag is over its limit, or the caller exceeds its requests per second. Nothing was appended, except for the "
            + "lines of an upload up to acceptedLines. Try again after the time in Retry-After.",
        503 => "The store is unavailable, or the gateway is overloaded. Try again after the time in Retry-After.",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This status has no description yet. Add one here."),
    };
}
