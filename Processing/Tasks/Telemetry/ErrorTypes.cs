using System.Collections.Concurrent;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>Names errors by their types. Beyond 50 types an error counts as other, to bound the values of the attribute.</summary>
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
