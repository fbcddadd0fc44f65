using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Settings;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>
/// Refuses query parameters that an endpoint does not have, or that are there twice where one is wanted. The framework passes over the
/// first and joins the second with a comma, so that a misspelt name would do something else in silence.
/// </summary>
internal static class UnknownParameter
{
    /// <summary>Refuses them at every endpoint of a group.</summary>
    public static void Refuse(IEndpointConventionBuilder group) => group.Finally(endpoint =>
    {
        var known = ParametersOf((RouteEndpointBuilder)endpoint);
        var next = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => FindFault(context.Request.Query, known) is { } fault
            ? throw new InvalidRequestException(fault)
            : next(context);
    });

    /// <summary>The query parameters of an endpoint by name, and whether each may be given several times.</summary>
    private static Dictionary<string, bool> ParametersOf(RouteEndpointBuilder endpoint) => endpoint.Metadata.OfType<MethodInfo>()
        .SelectMany(static handler => handler.GetParameters())
        .Where(parameter => IsValue(parameter.ParameterType) && endpoint.RoutePattern.GetParameter(parameter.Name!) is null)
        .ToDictionary(
            static parameter => parameter.Name!, static parameter => parameter.ParameterType.IsArray, StringComparer.OrdinalIgnoreCase);

    private static bool IsValue(Type type) =>
        type == typeof(string) || type.IsArray || (type.IsValueType && type != typeof(CancellationToken));

    private static string? FindFault(IQueryCollection query, Dictionary<string, bool> known)
    {
        foreach (var (name, values) in query)
        {
            if (!known.TryGetValue(name, out var isSeveral))
            {
                var meant = Similar.To(name, known.Keys);
                return $"The parameter '{name}' does not exist here.{(meant is null ? "" : $" Did you mean '{meant}'?")} {ThereAre(known)}";
            }

            if (values.Count > 1 && !isSeveral)
            {
                return $"The parameter '{name}' is given {values.Count} times. Give it once.";
            }
        }

        return null;
    }

    private static string ThereAre(Dictionary<string, bool> known) => known.Count == 0
        ? "This path has no parameters."
        : $"There are: {string.Join(", ", known.Keys)}.";
}
