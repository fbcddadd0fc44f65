using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class EndpointDescription
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string tag, string summary, string description) =>
        endpoint.WithTags(tag).WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, bool isOptional, string contentType, params string[] others)
        where T : notnull => endpoint.Accepts<T>(isOptional, contentType, others);

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string description, string contentType = MediaTypes.Json) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [contentType]) { Description = description });

    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void), []) { Description = description });

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [MediaTypes.Problem]) { Description = Meaning(status) });
        }

        return endpoint;
    }

    private static string Meaning(int status) => status switch
    {
        400 => "The request is not valid; nothing was changed. The code says what is wrong.",
        404 => "There is no such topic, partition or pipeline.",
        409 => "The request conflicts with what is there; nothing was changed. The code says how.",
        413 => "The body is over its limit.",
        415 => "The body's content type is not taken here.",
        429 => "The topic's lag is over its limit; nothing was appended. Try again after the time in Retry-After.",
        503 => "The store cannot answer for now. Try again after the time in Retry-After.",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This status has no meaning in the API yet; give it one here."),
    };
}
