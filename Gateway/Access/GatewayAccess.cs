using Microsoft.AspNetCore.Builder;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway;

/// <summary>
/// Says what the callers of an endpoint need. All but health and the API's description have one, a host's own endpoints can. Of several
/// on one endpoint the innermost holds: that of the endpoint, else that of its group.
/// </summary>
public static class GatewayAccess
{
    /// <summary>A caller needs one of some scopes, whatever its topics and pipelines.</summary>
    /// <param name="endpoints">An endpoint, or a group of them.</param>
    /// <param name="anyOf">The scopes of which one is enough.</param>
    /// <returns>The same.</returns>
    public static TBuilder RequireAny<TBuilder>(this TBuilder endpoints, Scopes anyOf)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessNeed(anyOf));

    /// <summary>A caller needs one of some scopes, and the topic that the route names must be among its topics.</summary>
    /// <param name="endpoints">An endpoint, or a group of them.</param>
    /// <param name="anyOf">The scopes of which one is enough.</param>
    /// <param name="routeValue">The part of the route that is the topic's name.</param>
    /// <returns>The same.</returns>
    public static TBuilder RequireAnyOnTopic<TBuilder>(this TBuilder endpoints, Scopes anyOf, string routeValue = "topic")
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessNeed(anyOf, Subject.Topic, routeValue));

    /// <summary>A caller needs one of some scopes, and the pipeline that the route names must be among its pipelines.</summary>
    /// <param name="endpoints">An endpoint, or a group of them.</param>
    /// <param name="anyOf">The scopes of which one is enough.</param>
    /// <param name="routeValue">The part of the route that is the pipeline's name.</param>
    /// <returns>The same.</returns>
    public static TBuilder RequireAnyOnPipeline<TBuilder>(this TBuilder endpoints, Scopes anyOf, string routeValue = "name")
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessNeed(anyOf, Subject.Pipeline, routeValue));
}
