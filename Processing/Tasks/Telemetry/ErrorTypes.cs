using System.Collections.Concurrent;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>Names errors by their types, as many as an attribute may have; what comes after those is another.</summary>
internal sealed class ErrorTypes
{
    private const int MaximumNames = 50;

    private readonly ConcurrentDictionary<Type, string> _names = new();

    public string NameOf(Type type)
    {
        if (_names.TryGetValue(type, out var known))
        {
            return known;
        }

        return _names.Count < MaximumNames ? _names.GetOrAdd(type, static type => type.FullName ?? type.Name) : TelemetryTags.Other;
    }
}
