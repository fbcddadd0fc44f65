using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class EndpointDescription
{
    /// <summary>The errors that every endpoint under <c>/v1</c> may answer.</summary>
    private static readonly int[] OfEvery = [401, 403, 429, 503];

    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string tag, string summary, string description) =>
        endpoint.WithTags(tag).WithSummary(summary).WithDescription(description);

    /// <summary>The endpoint takes a JSON body.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, bool isOptional)
        where T : notnull => endpoint.Accepts<T>(isOptional, MediaTypes.Json);

    /// <summary>The endpoint takes a JSON body, or bytes of another content type.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string bytesType)
        where T : notnull => endpoint.Accepts<T>(MediaTypes.Json, bytesType).AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody!.Content![bytesType] = Bytes(bytesType);
        return Task.CompletedTask;
    });

    /// <summary>The endpoint takes bytes of a content type.</summary>
    public static RouteHandlerBuilder TakesBytes(this RouteHandlerBuilder endpoint, string contentType) =>
        endpoint.Accepts<byte[]>(contentType).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody!.Content![contentType] = Bytes(contentType);
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [MediaTypes.Json]) { Description = description });

    /// <summary>The endpoint answers bytes instead of JSON to who accepts their content type.</summary>
    public static RouteHandlerBuilder AnswersBytes(this RouteHandlerBuilder endpoint, int status, string contentType) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses![status.ToString()].Content![contentType] = Bytes(contentType);
            return Task.CompletedTask;
        });

    /// <summary>The endpoint answers server-sent events.</summary>
    public static RouteHandlerBuilder AnswersEvents(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(string), [MediaTypes.Events]) { Description = description });

    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void), []) { Description = description });

    /// <summary>The endpoint answers these errors, beside those that every endpoint does.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params IEnumerable<int> statuses)
    {
        foreach (var status in statuses.Union(OfEvery).Order())
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [MediaTypes.Problem]) { Description = Meaning(status) });
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
        400 => "The request is not valid; nothing was changed, but for the lines of an upload up to acceptedLines. The code says what is wrong.",
        401 => "The request has no credentials, or some that are not known here. WWW-Authenticate says which are taken.",
        403 => "The caller has not the scope, the topic or the pipeline that this needs; the detail says which.",
        404 => "There is no such topic, partition, pipeline or dead letter.",
        409 => "The request conflicts with what is there; nothing was changed, but for the lines of an upload up to acceptedLines. The code says how.",
        413 => "The body is over its limit.",
        415 => "The body's content type is not taken here.",
        429 => "The topic's lag is over its limit, or the caller makes more requests a second than it may; nothing was appended, but for the lines of an upload up to acceptedLines. Try again after the time in Retry-After.",
        503 => "The store cannot answer for now, or the gateway is busy with as much as it takes. Try again after the time in Retry-After.",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This status has no meaning in the API yet; give it one here."),
    };
}
