using Microsoft.AspNetCore.Builder;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway;

/// <summary>
/// Sets the access rules of endpoints. All endpoints except health and the API's description have a rule, and a host's own endpoints can
/// have one. An endpoint's own rule takes precedence over the rule of its group.
/// </summary>
public static class GatewayAccess
{
    /// <summary>Requires one of some scopes, with any topics and pipelines.</summary>
    /// <param name="endpoints">An endpoint, or a group of them.</param>
    /// <param name="anyOf">The scopes of which one is enough.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder RequireAny<TBuilder>(this TBuilder endpoints, Scopes anyOf)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessNeed(anyOf));

    /// <summary>Requires one of some scopes, and the topic in the route among the caller's topics.</summary>
    /// <param name="endpoints">An endpoint, or a group of them.</param>
    /// <param name="anyOf">The scopes of which one is enough.</param>
    /// <param name="routeValue">The part of the route that is the topic's name.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder RequireAnyOnTopic<TBuilder>(this TBuilder endpoints, Scopes anyOf, string routeValue = "topic")
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessNeed(anyOf, Subject.Topic, routeValue));

    /// <summary>Requires one of some scopes, and the pipeline in the route among the caller's pipelines.</summary>
    /// <param name="endpoints">An endpoint, or a group of them.</param>
    /// <param name="anyOf">The scopes of which one is enough.</param>
    /// <param name="routeValue">The part of the route that is the pipeline's name.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder RequireAnyOnPipeline<TBuilder>(this TBuilder endpoints, Scopes anyOf, string routeValue = "name")
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AccessNeed(anyOf, Subject.Pipeline, routeValue));
}
