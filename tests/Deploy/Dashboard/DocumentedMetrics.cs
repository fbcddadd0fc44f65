using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>
/// A process that gives every series of the telemetry page, with every label, as one that has all kinds of work and all kinds of trouble.
/// Counters grow with each scrape.
/// </summary>
internal sealed class DocumentedMetrics : IAsyncDisposable
{
    private static readonly string[] Bounds = ["0.001", "0.1", "5", "60", "+Inf"];

    /// <summary>What ASP.NET Core and the runtime measure by themselves, as far as the dashboard and the rules use it.</summary>
    private static readonly Instrument[] Framework =
    [
        new("http_server_request_duration_seconds", "histogram", ["http.route", "http.request.method", "http.response.status_code"]),
        new("dotnet_process_cpu_time_seconds_total", "counter", ["cpu.mode"]),
        new("dotnet_process_memory_working_set_bytes", "gauge", []),
    ];

    private readonly WebApplication _app;
    private int _scrapes;

    private DocumentedMetrics()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/metrics", () => TextAt(Interlocked.Increment(ref _scrapes)));
    }

    /// <summary>Where its metrics are.</summary>
    public Uri Address => new(new Uri(_app.Urls.First()), "/metrics");

    public static async Task<DocumentedMetrics> StartAsync()
    {
        var metrics = new DocumentedMetrics();
        await metrics._app.StartAsync();
        return metrics;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string TextAt(int scrape)
    {
        var text = new StringBuilder();
        foreach (var instrument in TelemetryPage.Instruments.Concat(Framework))
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {instrument.Name} {instrument.Type}\n");
            foreach (var labels in LabelSetsOf(instrument.Attributes))
            {
                AppendSamples(text, instrument, labels, scrape);
            }
        }

        return text.ToString();
    }

    private static void AppendSamples(StringBuilder text, Instrument instrument, IReadOnlyList<string> labels, int scrape)
    {
        void Append(string suffix, IEnumerable<string> all, int value) =>
            text.Append(CultureInfo.InvariantCulture, $"{instrument.Name}{suffix}{{{string.Join(',', all)}}} {value}\n");

        if (instrument.Type == "histogram")
        {
            foreach (var (index, bound) in Bounds.Index())
            {
                Append("_bucket", [.. labels, $"le=\"{bound}\""], 10 * scrape * (index + 1));
            }

            Append("_sum", labels, 20 * scrape);
            Append("_count", labels, 10 * scrape * Bounds.Length);
        }
        else
        {
            Append("", labels, labels.Contains("pipeline_task_state=\"paused\"") ? 0 : instrument.Type == "counter" ? 10 * scrape : 10);
        }
    }

    /// <summary>A success has no type of error, so an instrument that may have one appears with and without it.</summary>
    private static IEnumerable<IReadOnlyList<string>> LabelSetsOf(IReadOnlyList<string> attributes) => attributes.Aggregate(
        (IEnumerable<IReadOnlyList<string>>)[[]],
        (sets, attribute) => from set in sets from value in ValuesOf(attribute) select value is null ? set : [.. set, $"{TelemetryPage.LabelOf(attribute)}=\"{value}\""]);

    private static string?[] ValuesOf(string attribute) => attribute switch
    {
        "error.type" => [null, "Some.Error"],
        "pipeline.task.state" => ["running", "draining", "paused", "retrying", "stopped"],
        "http.response.status_code" => ["503"],
        "http.route" => ["/v1/topics/{topic}"],
        _ => ["some"],
    };
}
