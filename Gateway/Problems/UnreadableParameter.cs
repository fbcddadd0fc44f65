using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>
/// Refuses what endpoints that are generated at build time accept or do not name: a required parameter that is there but empty
/// (it would be read as zero), and an optional one that is not a number (it would be answered by a bare 400).
/// </summary>
internal static class UnreadableParameter
{
    /// <summary>Refuses required parameters that are empty, of every endpoint that has any.</summary>
    /// <param name="api">The endpoints.</param>
    public static void RefuseEmpty(IEndpointConventionBuilder api) => api.Add(endpoint =>
    {
        var required = endpoint.Metadata.OfType<MethodInfo>().SelectMany(handler => handler.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(long))
            .Select(parameter => parameter.Name!)
            .ToArray();
        if (required.Length > 0)
        {
            endpoint.FilterFactories.Add((_, next) => call =>
            {
                var query = call.HttpContext.Request.Query;
                return Array.Find(required, name => query.TryGetValue(name, out var value) && string.IsNullOrEmpty(value)) is { } empty
                    ? throw new InvalidRequestException($"The parameter '{empty}' is empty; it is required.")
                    : next(call);
            });
        }
    });

    /// <summary>Says which optional parameter of a request is not the number that it should be; null if all are.</summary>
    public static string? Find(HttpRequest request)
    {
        foreach (var parameter in request.HttpContext.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            if (parameter.ParameterInfo.ParameterType == typeof(int?)
                && (string?)request.Query[parameter.Name] is { Length: > 0 } text
                && !int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            {
                return $"The parameter '{parameter.Name}' is '{text}'. Give a whole number from {int.MinValue} to {int.MaxValue}, or "
                    + $"leave it out.";
            }
        }

        return null;
    }
}
