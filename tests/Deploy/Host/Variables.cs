using System.Collections;
using System.Globalization;
using System.Reflection;
using k8s.Models;
using Orleans.Pipeline.Gateway;
using Orleans.Pipeline.Silo;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>The environment of a container of ours, and which variables a host knows.</summary>
internal static class Variables
{
    /// <summary>Variables that others than this project read: .NET, ASP.NET Core, OpenTelemetry.</summary>
    private static readonly HashSet<string> OfOthers =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "AllowedHosts",
        "DOTNET_gcServer", "DOTNET_GCHeapHardLimitPercent", "DOTNET_GCConserveMemory", "DOTNET_GCHeapCount",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_METRICS_EXPORTER", "OTEL_TRACES_EXPORTER", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG", "OTEL_SDK_DISABLED",
        "Kestrel__Certificates__Default__Path", "Kestrel__Certificates__Default__KeyPath", "Kestrel__Certificates__Default__Password",
    ];

    private static readonly Dictionary<string, Type> Sections = new()
    {
        [SiloSettings.Section] = typeof(SiloSettings),
        [GatewaySettings.Section] = typeof(GatewaySettings),
        [TelemetrySettings.Section] = typeof(TelemetrySettings),
        [CostSettings.Section] = typeof(CostSettings),
    };

    /// <summary>Whether a host reads a variable.</summary>
    public static bool IsKnown(string name)
    {
        var keys = name.Split("__");
        return name == SiloSettings.PostgresVariable
            || OfOthers.Contains(name)
            || (Sections.TryGetValue(keys[0], out var settings) && IsKnown([.. keys.Skip(1)], settings));
    }

    /// <summary>Lists the names of a container's variables, from every source.</summary>
    public static IEnumerable<string> NamesOf(Rendering rendering, V1Container container) => ValuesOf(rendering, container).Keys;

    /// <summary>Gets the variables of a container. A Secret has the values of the example, and the pod's address is loopback.</summary>
    public static IReadOnlyDictionary<string, string> ValuesOf(Rendering rendering, V1Container container)
    {
        var values = new Dictionary<string, string>();
        foreach (var source in container.EnvFrom ?? [])
        {
            var data = source.ConfigMapRef is { } map
                ? rendering.Of<V1ConfigMap>().Single(candidate => candidate.Metadata.Name == map.Name).Data
                : Rendering.ExampleSecrets.Single(secret => secret.Metadata.Name == source.SecretRef.Name).StringData;
            foreach (var (name, value) in data)
            {
                values[name] = value;
            }
        }

        foreach (var variable in container.Env ?? [])
        {
            values[variable.Name] = variable.Value ?? (variable.ValueFrom.FieldRef is null ? "from a secret" : "127.0.0.1");
        }

        return values;
    }

    private static bool IsKnown(ReadOnlySpan<string> keys, Type type)
    {
        if (keys.IsEmpty)
        {
            return true;
        }

        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) && type.IsGenericType)
        {
            return int.TryParse(keys[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && IsKnown(keys[1..], type.GetGenericArguments()[^1]);
        }

        var property = type.GetProperty(keys[0], BindingFlags.Public | BindingFlags.Instance);
        return property is { CanWrite: true } && IsKnown(keys[1..], property.PropertyType);
    }
}
