using System.Globalization;
using System.Text.Json;
using Orleans.Pipeline.Bench.Cluster.Scenarios;
using Orleans.Pipeline.Bench.Measuring;
using Spectre.Console;

namespace Orleans.Pipeline.Bench.Cluster;

/// <summary>Prints the measurements, as a table or as one JSON object per line.</summary>
internal sealed class Report(bool json)
{
    private readonly Spectre.Console.Table _table = new Spectre.Console.Table().AddColumns(
        "scenario",
        "records/s",
        "MB/s",
        "of what is beside it",
        "silo CPU µs/record",
        "database CPU µs/record",
        "B alloc/record",
        "peak MB",
        "grain calls/1,000");

    /// <param name="comparison">The runs.</param>
    /// <param name="beside">The scenario that they alternated with.</param>
    public void Add(Comparison comparison, string beside)
    {
        var median = comparison.Median with { Name = comparison.Name };
        Add(comparison.MedianLimit with { Name = $"{beside} (beside {comparison.Name})" });
        Add(median, comparison.RecordRatio);
        Console.Error.WriteLine(FormattableString.Invariant($"{comparison.Name}: {median.RecordsPerSecond:N0} records/s, {comparison.RecordRatio:0.00} of {beside}"));
    }

    public void Add(Sample sample, double? ratio = null)
    {
        if (json)
        {
            Console.WriteLine(ToJson(sample, ratio));
            return;
        }

        _table.AddRow(
            sample.Name,
            Text(sample.RecordsPerSecond, "N0"),
            Text(sample.MegabytesPerSecond, "0.0"),
            ratio is { } known ? Text(known, "0.00") : "",
            Text(sample.CpuMicrosecondsPerRecord, "0.00"),
            Text(sample.DatabaseCpuSeconds * 1e6 / sample.Records, "0.00"),
            Text(sample.AllocatedPerRecord, "0"),
            Text(sample.PeakBytes / 1e6, "0"),
            Text(CallsPerThousand(sample), "0.00"));
    }

    /// <param name="name">The kind of silo that ended, and how it ended.</param>
    /// <param name="times">The time of each sample.</param>
    public void AddTimes(string name, IReadOnlyList<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                scenario = name,
                seconds = times.Select(time => Math.Round(time.TotalSeconds, 3)),
                median = sorted[sorted.Count / 2].TotalSeconds,
                longest = sorted[^1].TotalSeconds,
            }));
            return;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{name}: median {sorted[sorted.Count / 2].TotalSeconds:0.00} s, longest {sorted[^1].TotalSeconds:0.00} s of {sorted.Count} ({string.Join(", ", times.Select(time => Text(time.TotalSeconds, "0.00")))})"));
    }

    public void Add(IReadOnlyList<ProfileCost> costs) => ProfileCost.Print(costs, json);

    public void AddUpgrade(UpgradeFigures figures)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { scenario = "upgrade", figures.Acknowledged, figures.Counted, calm = ToJson(figures.Calm), upgrade = ToJson(figures.Upgrade) }));
            return;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"upgrade and downgrade of three silos: {figures.Acknowledged:N0} records acknowledged, {figures.Counted:N0} counted\n  {Describe("before", figures.Calm)}\n  {Describe("meanwhile", figures.Upgrade)}"));
    }

    public void Finish()
    {
        if (!json && _table.Rows.Count > 0)
        {
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 180);
            AnsiConsole.Write(_table);
            AnsiConsole.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}");
        }
    }

    private static object ToJson(UpgradeSpan span) => new
    {
        longestGapSeconds = span.LongestGap.TotalSeconds,
        longestPartitionGapSeconds = span.LongestPartitionGap.TotalSeconds,
        effectsMs = span.Effects,
    };

    private static string Describe(string when, UpgradeSpan span) => FormattableString.Invariant(
        $"{when}: longest without a commit {span.LongestGap.TotalSeconds:0.00} s, of one partition {span.LongestPartitionGap.TotalSeconds:0.00} s; send to committed p50 {span.Effects.P50:0} ms, p99 {span.Effects.P99:0} ms, longest {span.Effects.Maximum:0} ms");

    private static double CallsPerThousand(Sample sample) => sample.GrainCalls * 1000.0 / sample.Records;

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string ToJson(Sample sample, double? ratio) => JsonSerializer.Serialize(new
    {
        scenario = sample.Name,
        sample.Records,
        recordsPerSecond = Math.Round(sample.RecordsPerSecond),
        megabytesPerSecond = Math.Round(sample.MegabytesPerSecond, 1),
        ratio = ratio is { } known ? Math.Round(known, 3) : (double?)null,
        cpuMicrosecondsPerRecord = Math.Round(sample.CpuMicrosecondsPerRecord, 3),
        databaseCpuMicrosecondsPerRecord = Math.Round(sample.DatabaseCpuSeconds * 1e6 / sample.Records, 3),
        allocatedBytesPerRecord = Math.Round(sample.AllocatedPerRecord, 1),
        peakMegabytes = sample.PeakBytes / 1_000_000,
        grainCallsPerThousand = Math.Round(CallsPerThousand(sample), 2),
    });
}
