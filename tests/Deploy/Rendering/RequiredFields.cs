using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>The fields that Kubernetes requires. Its client's types do not mark them.</summary>
/// <remarks>
/// <c>required.json</c> has them for the types that are used here, as Kubernetes' OpenAPI description marks them; read off the npm package
/// kubernetes-models 5.1.0 (MIT).
/// </remarks>
internal static class RequiredFields
{
    private static readonly Dictionary<string, string[]> Names =
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Deployed.PathOf("required.json")))!;

    /// <summary>The paths of the fields that an object lacks.</summary>
    public static IEnumerable<string> MissingIn(object? value, string path) => value switch
    {
        null or string or ResourceQuantity or IntOrString => [],
        IDictionary entries => entries.Values.Cast<object?>().SelectMany(entry => MissingIn(entry, path)),
        IEnumerable items => items.Cast<object?>().SelectMany((item, index) => MissingIn(item, $"{path}[{index}]")),
        _ when value.GetType().Namespace == typeof(V1Pod).Namespace => MissingInObject(value, path),
        _ => [],
    };

    private static IEnumerable<string> MissingInObject(object value, string path)
    {
        var fields = value.GetType().GetProperties()
            .Select(property => (Name: property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name, Property: property))
            .Where(field => field.Name is not null)
            .Select(field => (field.Name, Value: field.Property.GetValue(value)))
            .ToList();
        var required = Names.GetValueOrDefault(value.GetType().Name, []);
        return fields.Where(field => required.Contains(field.Name) && (field.Value is null or 0)).Select(field => $"{path}.{field.Name}")
            .Concat(fields.SelectMany(field => MissingIn(field.Value, $"{path}.{field.Name}")));
    }
}
