using Microsoft.AspNetCore.Builder;

namespace Orleans.Pipeline.Gateway.Limits;

/// <summary>Marks an endpoint whose requests may take long, because they wait for records or for a pipeline.</summary>
internal sealed class WaitsMetadata;

/// <summary>Endpoints whose requests may wait.</summary>
internal static class Waits
{
    /// <summary>Counts the requests of an endpoint apart from those that do not wait, so that they take no places from them.</summary>
    public static TBuilder MayWait<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new WaitsMetadata());
}
