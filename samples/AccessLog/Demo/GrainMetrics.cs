using System.Globalization;
using System.Text.RegularExpressions;

namespace AccessLog.Demo;

/// <summary>The silos' grain metrics at <c>/metrics</c>, summed over the silos that respond.</summary>
/// <param name="Partitions">Active partition grains, one per task.</param>
/// <param name="Workers">Active worker grains.</param>
/// <param name="Calls">Answered grain calls since the silos started, Orleans' own included.</param>
internal sealed partial record GrainMetrics(long Partitions, long Workers, long Calls)
{
    /// <summary>Reads the metrics of the silos. A silo without a response counts as zero.</summary>
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
                // The silo was killed.
            }
        }

        return sum;
    }

    /// <summary>Parses Prometheus' text format.</summary>
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
