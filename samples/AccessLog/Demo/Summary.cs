using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Pipeline;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace AccessLog.Demo;

/// <summary>The result of a demo run.</summary>
internal sealed record Summary
{
    public required DemoEngine Engine { get; init; }

    public required long Sent { get; init; }

    /// <summary>The pipeline's status at the end of the run.</summary>
    public required PipelineStatus Pipeline { get; init; }

    public required IReadOnlyList<StatusTraffic> Traffic { get; init; }

    /// <summary>The time from the first send until every line was processed.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The hosts' processor time during the run; null if a killed host used a part of it.</summary>
    public required TimeSpan? ProcessorTime { get; init; }

    /// <summary>The peak memory of a host since its start, in bytes.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>The silos' grains and their calls during the run; null without Orleans.</summary>
    public required GrainMetrics? Grains { get; init; }

    /// <summary>The result of the kill of a silo; null without a kill.</summary>
    public required TakeOver? TakeOver { get; init; }

    public double RecordsPerSecond => Sent / Elapsed.TotalSeconds;

    /// <summary>The totals that do not match; null if all match.</summary>
    public string? Fault
    {
        get
        {
            if (Sent != Pipeline.Processed + Pipeline.DeadLetters)
            {
                return $"{Sent} lines were sent, but {Pipeline.Processed} processed and {Pipeline.DeadLetters} dead-lettered.";
            }

            return Counted == Pipeline.Processed ? null : $"{Pipeline.Processed} lines were processed, but the table has {Counted}.";
        }
    }

    private long Counted => Traffic.Sum(status => status.Requests);

    private long Bytes => Traffic.Sum(status => status.Bytes);

    private double CallsPerThousand => Math.Round(1000.0 * (Grains?.Calls ?? 0) / Math.Max(1, Sent), 2);

    private double? CpuMicroseconds =>
        TakeOver is null && ProcessorTime is { } time ? Math.Round(time.TotalMicroseconds / Math.Max(1, Sent), 3) : null;

    /// <summary>Prints the summary for people.</summary>
    public void Print(IAnsiConsole console)
    {
        var run = new Table().Title("Run").AddColumns("", "").HideHeaders();
        run.Columns[1].RightAligned();
        run.AddRow("sent", Number(Sent));
        run.AddRow("processed", Number(Pipeline.Processed));
        run.AddRow("dead-lettered", Number(Pipeline.DeadLetters));
        run.AddRow("seconds", Number(Elapsed.TotalSeconds, "0.00"));
        run.AddRow("records/s", Number(RecordsPerSecond));
        if (CpuMicroseconds is { } cpu)
        {
            run.AddRow("host CPU a record", Number(cpu, "0.00") + " µs");
        }

        run.AddRow("host memory, peak", Number(PeakBytes / 1e6) + " MB");
        run.AddRow("send to effect, p50", Number(Pipeline.Latency.P50Ms) + " ms");
        run.AddRow("send to effect, p99", Number(Pipeline.Latency.P99Ms) + " ms");
        if (TakeOver is { } takeOver)
        {
            run.AddRow("silo killed after", Number(takeOver.AfterLines) + " lines");
            run.AddRow("partitions that moved", string.Join(", ", takeOver.Partitions));
            run.AddRow("seconds until then", Number(takeOver.Seconds, "0.0"));
        }

        console.Write(run);
        if (TakeOver is not null)
        {
            console.WriteLine("Milliseconds are of each partition since its present owner took it over: what a killed silo had measured is lost with it.");
        }

        var traffic = new Table().Title("Traffic by status").AddColumns("status", "requests", "bytes");
        foreach (var column in traffic.Columns)
        {
            column.RightAligned();
        }

        foreach (var (status, requests, bytes) in Traffic)
        {
            traffic.AddRow(status.ToString(CultureInfo.InvariantCulture), Number(requests), Number(bytes));
        }

        traffic.AddRow("all", Number(Counted), Number(Bytes));
        console.Write(traffic);
        console.Profile.Out.Writer.WriteLine(RanBy);
        console.MarkupLineInterpolated(Fault is { } fault
            ? (FormattableString)$"[red]Wrong:[/] {fault}"
            : $"[green]Right:[/] every line was processed once or dead-lettered, and the table agrees.");
    }

    private string RanBy => Grains is { } grains
        ? $"Ran on {grains.Partitions} partition grains and {grains.Workers} worker grains, by {Number(CallsPerThousand, "0.##")} grain calls a thousand records."
        : "Ran in one process, without Orleans.";

    /// <summary>The summary as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new SummaryJson(
            Engine.ToString().ToLowerInvariant(),
            Sent,
            Pipeline.Processed,
            Pipeline.DeadLetters,
            Traffic.ToDictionary(status => status.Status, status => status.Requests),
            Bytes,
            Math.Round(Elapsed.TotalSeconds, 3),
            Math.Round(RecordsPerSecond),
            Pipeline.Latency.P50Ms,
            Pipeline.Latency.P99Ms,
            CpuMicroseconds,
            Math.Round(PeakBytes / 1e6),
            Grains is { } grains ? new GrainsJson(grains.Partitions, grains.Workers, CallsPerThousand) : null,
            TakeOver),
        DemoJson.Default.SummaryJson);

    private static string Number(double number, string format = "N0") => number.ToString(format, CultureInfo.InvariantCulture);
}

internal sealed record SummaryJson(
    string Engine,
    long Sent,
    long Processed,
    long DeadLettered,
    IReadOnlyDictionary<int, long> ByStatus,
    long Bytes,
    double Seconds,
    double RecordsPerSecond,
    double P50Ms,
    double P99Ms,
    double? CpuMicrosecondsPerRecord,
    double PeakMegabytes,
    GrainsJson? Grains,
    TakeOver? TakeOver);

internal sealed record GrainsJson(long Partitions, long Workers, double CallsPerThousandRecords);

/// <summary>The source-generated JSON of the demo.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SummaryJson))]
internal sealed partial class DemoJson : JsonSerializerContext;
