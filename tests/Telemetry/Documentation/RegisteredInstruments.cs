using System.Diagnostics.Metrics;
using System.Reflection;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Telemetry.Tests.Documentation;

/// <summary>
/// The instruments that the code registers, whether or not anything has used them: those that classes hold, and an engine's gauges.
/// </summary>
internal static class RegisteredInstruments
{
    private static readonly Assembly[] Assemblies =
        [typeof(PipelineTelemetry).Assembly, typeof(PipelineClient).Assembly, typeof(PipelineGateway).Assembly];

    public static IReadOnlyDictionary<string, Instrument> All(IEnumerable<Instrument> seen) => Assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => !type.ContainsGenericParameters)
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(field => field.FieldType.IsAssignableTo(typeof(Instrument)))
        .Select(field => (Instrument)field.GetValue(null)!)
        .Concat(seen)
        .DistinctBy(instrument => instrument.Name)
        .ToDictionary(instrument => instrument.Name);

    public static string TypeOf(Instrument instrument) => instrument.GetType().Name switch
    {
        "Counter`1" => "counter",
        "Histogram`1" => "histogram",
        "ObservableGauge`1" => "gauge",
        "UpDownCounter`1" => "up-down counter",
        var other => other,
    };
}
