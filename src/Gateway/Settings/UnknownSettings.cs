using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>Finds keys that a type of settings does not have: binding passes over them, and a misspelt one would look as if it were set.</summary>
internal static class UnknownSettings
{
    /// <summary>What is wrong with each key that the type, or the type of one of its settings, does not have.</summary>
    public static IEnumerable<string> In(IConfigurationSection section, Type type) => type switch
    {
        _ when ElementOf(type) is { } element => section.GetChildren().SelectMany(child => In(child, element)),
        _ when type.Namespace!.StartsWith(nameof(System), StringComparison.Ordinal) => [],
        _ => section.GetChildren().SelectMany(child => InSetting(child, type)),
    };

    private static IEnumerable<string> InSetting(IConfigurationSection setting, Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToList();
        return properties.Find(property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)) is { } known
            ? In(setting, known.PropertyType)
            : [$"{setting.Path} does not exist. There are: {string.Join(", ", properties.Select(property => property.Name).Order(StringComparer.Ordinal))}."];
    }

    private static Type? ElementOf(Type type) =>
        type != typeof(string) && type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[^1] : null;
}
