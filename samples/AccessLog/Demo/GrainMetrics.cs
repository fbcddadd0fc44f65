using System.Globalization;
using System.Text.RegularExpressions;

namespace AccessLog.Demo;

/// <summary>The silos' grain metrics at <c>/metrics</c>, summed over the silos that answer.</summary>
/// <param name="Partitions">Partition grains that are active: one a task.</param>
/// <param name="Workers">Worker grains that are active.</param>
/// <param name="Calls">Grain calls that were answered since the silos started, Orleans' own among them.</param>
internal sealed partial record GrainMetrics(long Partitions, long Workers, long Calls)
{
    /// <summary>Asks the silos; one that does not answer counts as none.</summary>
    public static async Task<GrainMetrics> ReadAsync(IEnumerable<Uri> silos, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var sum = new GrainMetrics(0, 0, 0);
        foreach (var silo in silos)
        {
            try
            {
                var read = Parse(await http.GetStringAsync(new Uri(silo, "/metrics"), cancellationToken));
                sum = new GrainMetrics(sum.Partitions + read.Partitions, sum.Workers + read.Workers, sum.Calls + read.Calls);
            }
            catch (HttpRequestException)
            {
                // It was killed.
            }
        }

        return sum;
    }

    /// <summary>Reads Prometheus' text format.</summary>
    public static GrainMetrics Parse(string metrics) => new(
        Sum(metrics, "orleans_grains", "grain_type=\"partition\""),
        Sum(metrics, "orleans_grains", "grain_type=\"worker\""),
        Sum(metrics, "orleans_app_requests_latency_milliseconds_count", ""));

    private static long Sum(string metrics, string name, string label) => Samples().Matches(metrics)
        .Where(sample => sample.Groups["name"].Value == name && sample.Groups["labels"].Value.Contains(label, StringComparison.Ordinal))
        .Sum(sample => (long)double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(?<name>orleans_\w+)(?<labels>\{.*\})? (?<value>[\d.eE+-]+)( \d+)?\r?$", RegexOptions.Multiline)]
    private static partial Regex Samples();
}
