using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>
/// Handles two faults of parameters for endpoints that are generated at build time: a required parameter that is empty, which they read as
/// zero, and an optional one that is not a number, which they answer with a bare 400.
/// </summary>
internal static class UnreadableParameter
{
    /// <summary>Refuses empty required parameters of every endpoint that has any.</summary>
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

    /// <summary>Returns the fault of an optional parameter of a request that is not a number; null if there is none.</summary>
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

            if (parameter.ParameterInfo.ParameterType == typeof(Guid?)
                && (string?)request.Query[parameter.Name] is { Length: > 0 } id && !Guid.TryParse(id, out _))
            {
                return $"The parameter '{parameter.Name}' is '{id}'. Give the 'id' that the topic's description has, or leave it out.";
            }
        }

        return null;
    }
}
