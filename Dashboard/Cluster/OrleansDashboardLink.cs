using Microsoft.AspNetCore.Routing;

namespace Orleans.Pipeline.Dashboard.Cluster;

/// <summary>The link to the Orleans dashboard, if the host serves it.</summary>
internal sealed class OrleansDashboardLink(EndpointDataSource endpoints)
{
    private const string Path = "orleans/";

    /// <summary>The address; null if there is none.</summary>
    public string? Href { get; } = endpoints.Endpoints.OfType<RouteEndpoint>().Any(IsUnderPath) ? Path : null;

    private static bool IsUnderPath(RouteEndpoint endpoint) =>
        (endpoint.RoutePattern.RawText ?? "").TrimStart('/').StartsWith(Path, StringComparison.OrdinalIgnoreCase);
}
