using Microsoft.AspNetCore.Builder;

namespace Orleans.Pipeline.Gateway.Limits;

/// <summary>Marks an endpoint whose requests may take long, because they wait for records or for a pipeline.</summary>
internal sealed class WaitsMetadata;

internal static class Waits
{
    /// <summary>Counts the endpoint's requests apart, so that requests that wait take no places from others.</summary>
    public static TBuilder MayWait<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new WaitsMetadata());
}
