using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>
/// Finds what binding ignores: keys that a type of settings does not have, and a single value where a list is needed. Such a setting would
/// seem to be set.
/// </summary>
internal static class UnboundSettings
{
    /// <summary>Returns a fault for each key that does not belong to the type, or to the type of one of its settings.</summary>
    public static IEnumerable<string> In(IConfigurationSection section, Type type) => type switch
    {
        _ when ElementOf(type) is { } element => InList(section, element),
        _ when type.Namespace!.StartsWith(nameof(System), StringComparison.Ordinal) => [],
        _ => section.GetChildren().SelectMany(child => InSetting(child, type)),
    };

    private static IEnumerable<string> InSetting(IConfigurationSection setting, Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToList();
        return properties.Find(property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)) is { } known
            ? In(setting, known.PropertyType)
            : [$"{setting.Path} does not exist. There are: "
                + $"{string.Join(", ", properties.Select(property => property.Name).Order(StringComparer.Ordinal))}."];
    }

    private static IEnumerable<string> InList(IConfigurationSection list, Type element) => list.Value switch
    {
        null => list.GetChildren().SelectMany(child => In(child, element)),
        "" when element != typeof(string) => [],
        "" => [$"{list.Path} is empty. Leave it out, or give {list.Path}:0 and so on."],
        _ => [$"{list.Path} is one value, but a list is needed. Give {list.Path}:0 and so on."],
    };

    private static Type? ElementOf(Type type) =>
        type != typeof(string) && type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[^1] : null;
}
